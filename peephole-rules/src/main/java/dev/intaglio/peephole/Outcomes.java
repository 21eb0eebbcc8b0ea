package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.machine.Condition;
import dev.intaglio.assembly.machine.Flag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All the ways through a window, with the state at the end of each. */
final class Outcomes {
    /** Where a way that runs off the end of the window leads. */
    static final String NEXT = "the next line";

    /**
     * One way through.
     *
     * @param conditions which way each condition went
     * @param target the label it leads to, or {@link #NEXT}
     * @param last whether it leaves from the last line
     */
    record Outcome(Map<String, Boolean> conditions, String target, boolean last, MachineState state) {
        /** Whether one run could take this way and the other's. */
        boolean agrees(Outcome other) {
            return conditions.entrySet().stream()
                    .allMatch(entry ->
                            entry.getValue().equals(other.conditions.getOrDefault(entry.getKey(), entry.getValue())));
        }
    }

    private static final int MOST_STEPS = 64;

    private final List<Line> lines;
    private final Facts.Source facts;
    private final List<Outcome> outcomes = new ArrayList<>();
    private int steps;

    private Outcomes(List<Line> lines, Facts.Source facts) {
        this.lines = lines;
        this.facts = facts;
    }

    /** The ways from one line on, starting with every register, flag and word of memory unknown. */
    static List<Outcome> of(List<Line> lines, int from, Facts.Source facts) {
        Outcomes outcomes = new Outcomes(lines, facts);
        outcomes.run(from, new MachineState(), Map.of());
        return outcomes.outcomes;
    }

    private void run(int from, MachineState state, Map<String, Boolean> conditions) {
        for (int at = from; at < lines.size(); at++) {
            if (++steps > MOST_STEPS) {
                throw new Meaning.Unknown("rules cannot have loops");
            }
            if (!(lines.get(at) instanceof Instruction instruction)) {
                continue;
            }
            Optional<LabelReference> target = target(instruction);
            if (target.isEmpty()) {
                Meaning.apply(facts.of(instruction).orElseThrow(), instruction, state);
                continue;
            }
            if (ControlFlow.isJump(instruction)) {
                go(target.get(), at, state, conditions);
                return;
            }
            Condition condition = instruction
                    .branchCondition()
                    .orElseThrow(() -> new Meaning.Unknown("rules cannot use '" + instruction.mnemonic() + "'"));
            boolean negated = condition.code() % 2 == 1;
            Condition plain = negated ? condition.negated() : condition;
            String key = plain + " of " + flagsOf(plain, state);
            for (boolean holds :
                    conditions.containsKey(key) ? new boolean[] {conditions.get(key)} : new boolean[] {true, false}) {
                Map<String, Boolean> decided = new HashMap<>(conditions);
                decided.put(key, holds);
                if (holds != negated) {
                    go(target.get(), at, state.copy(), decided);
                } else {
                    run(at + 1, state.copy(), decided);
                }
            }
            return;
        }
        outcomes.add(new Outcome(conditions, NEXT, true, state));
    }

    private void go(LabelReference target, int from, MachineState state, Map<String, Boolean> conditions) {
        for (int at = 0; at < lines.size(); at++) {
            if (lines.get(at) instanceof Line.LabelDefinition definition
                    && definition.label().equals(target)) {
                run(at + 1, state, conditions);
                return;
            }
        }
        outcomes.add(new Outcome(conditions, target.toString(), from == lines.size() - 1, state));
    }

    private static Optional<LabelReference> target(Instruction instruction) {
        boolean branches = instruction.mnemonic().startsWith("j");
        if (branches
                && instruction.operands().size() == 1
                && instruction.operands().get(0) instanceof Operand.LabelTarget target) {
            return Optional.of(target.label());
        }
        if (branches
                || ControlFlow.isCall(instruction)
                || instruction.mnemonic().startsWith("ret")) {
            throw new Meaning.Unknown("rules cannot use '" + instruction + "'");
        }
        return Optional.empty();
    }

    private static List<Term> flagsOf(Condition condition, MachineState state) {
        List<Term> terms = new ArrayList<>();
        for (Flag flag : Flag.values()) {
            if (condition.reads().contains(flag)) {
                terms.add(state.flag(flag));
            }
        }
        return terms;
    }
}
