package dev.intaglio.cpython.jit;

import dev.intaglio.runtime.Label;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Emits the fast form: blocks of instructions, each for a state of knowledge. Where control flow meets with another state
 * than before, the block is emitted once more for that state, so that what the first round of a loop finds out serves the
 * following ones; after a few versions everything is brought into the interpreter's shape.
 */
final class FastCompiler {
    private static final int MOST_VERSIONS = 5;
    private static final int MOST_INSTRUCTIONS = 4000;

    private record Pending(int unit, State state, Label label) {}

    private final Emission emission;
    private final CodeObject code;
    private final FastOperations operations;
    private final Map<Integer, Map<State, Label>> versions = new HashMap<>();
    private final Deque<Pending> pending = new ArrayDeque<>();
    private int instructions;

    FastCompiler(Emission emission, FastOperations operations) {
        this.emission = emission;
        this.operations = operations;
        code = emission.code;
    }

    /** Emits the form, entered at the function's start and in front of these loops. */
    Map<Integer, Label> emit(Label entry, Iterable<Integer> loops) {
        emission.enter(entry);
        block(0, State.plain(code.locals(), 0));
        Map<Integer, Label> entries = new HashMap<>();
        for (int unit : loops) {
            entries.put(unit, label(unit, State.plain(code.locals(), code.depth(unit))));
        }
        while (!pending.isEmpty()) {
            Pending next = pending.pop();
            emission.objects.here(next.label());
            block(next.unit(), next.state());
        }
        emission.finish();
        return entries;
    }

    /** The label of a version that fits the state, which has no value in a register; it is emitted later if it is new. */
    Label label(int unit, State state) {
        State key = state.withoutRegisters();
        Map<State, Label> known = versions.computeIfAbsent(unit, u -> new HashMap<>());
        Label label = known.get(key);
        if (label != null) {
            return label;
        }
        State plain = State.plain(code.locals(), state.depth());
        boolean tooMany = known.size() >= MOST_VERSIONS || instructions > MOST_INSTRUCTIONS;
        label = new Label("unit" + unit);
        if (!tooMany || key.equals(plain)) {
            known.put(key, label);
            pending.push(new Pending(unit, key, label));
            return label;
        }
        // A detour that brings everything into the interpreter's shape.
        Label detour = label;
        Label target = label(unit, plain);
        emission.later(() -> {
            emission.objects.here(detour);
            operations.use(key.copy());
            operations.flush();
            emission.objects.jump(target);
        });
        return detour;
    }

    private void block(int start, State state) {
        operations.use(state.copy());
        int unit = start;
        boolean first = true;
        while (true) {
            if (code.isTarget(unit) && !first) {
                operations.spillAll();
                State now = operations.state().withoutRegisters();
                Map<State, Label> known = versions.computeIfAbsent(unit, u -> new HashMap<>());
                Label there = known.get(now);
                if (there != null || known.size() >= MOST_VERSIONS || instructions > MOST_INSTRUCTIONS) {
                    emission.objects.jump(label(unit, now));
                    return;
                }
                // Nobody else has emitted it: it follows at once.
                Label here = new Label("unit" + unit);
                known.put(now, here);
                emission.objects.here(here);
                operations.use(now.copy());
            }
            first = false;
            instructions++;
            Instruction instruction = code.at(unit);
            if (operations.state().depth() != code.depth(unit)) {
                throw new IllegalStateException("a stack of "
                        + operations.state().depth() + " values in front of " + instruction + " in " + code);
            }
            int next = operations.emit(instruction, this);
            if (next < 0) {
                return;
            }
            unit = next;
        }
    }
}
