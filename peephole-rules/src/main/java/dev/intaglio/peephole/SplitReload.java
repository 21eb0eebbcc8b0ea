package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.RegisterClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A load behind a label, of a slot that the register holds already on some ways to the label: the load goes to the other ways. So a
 * slot that only a call on the cold way may change is read there, and not where the hot way goes on.
 *
 * <p>The ways without it must fall into the label or jump there; where a branch decides, there is no place for the load. More
 * than one load is put only outside of hot code.
 */
final class SplitReload {
    static final String NAME = "split-reload";

    private final List<Line> lines;
    private final ControlFlow flow;
    private final Facts.Source facts;
    private final KnownSlots known;

    private SplitReload(List<Line> lines, ControlFlow flow, Facts.Source facts) {
        this.lines = lines;
        this.flow = flow;
        this.facts = facts;
        this.known = KnownSlots.of(flow, lines, facts);
    }

    /** Moves the first load that it can. */
    static Optional<Rewrite> rewrite(List<Line> lines, ControlFlow flow, Facts.Source facts) {
        if (lines.stream().anyMatch(Line.Java.class::isInstance)) {
            return Optional.empty();
        }
        Optional<SplitReload> split = Optional.empty();
        for (int at = 1; at < lines.size(); at++) {
            Optional<RegisterOperand.Fixed> target = target(lines, at);
            if (target.isEmpty()) {
                continue;
            }
            split = split.or(() -> Optional.of(new SplitReload(lines, flow, facts)));
            Optional<List<Integer>> places = split.get().places(at, target.get());
            if (places.isPresent()) {
                return Optional.of(split.get().move(at, places.get()));
            }
        }
        return Optional.empty();
    }

    /** The register that a load of a slot directly behind a local label writes. */
    private static Optional<RegisterOperand.Fixed> target(List<Line> lines, int at) {
        boolean candidate = lines.get(at) instanceof Instruction load
                && load.mnemonic().equals("mov")
                && load.operands().get(1) instanceof Operand.Memory
                && lines.get(at - 1) instanceof Line.LabelDefinition definition
                && definition.label() instanceof LabelReference.Next;
        return candidate
                        && ((Instruction) lines.get(at)).operands().get(0) instanceof RegisterOperand.Fixed fixed
                        && fixed.kind() == RegisterClass.R64
                ? Optional.of(fixed)
                : Optional.empty();
    }

    /** The lines before which a load has to be put, in ascending order; empty if it must stay or is needed nowhere else. */
    private Optional<List<Integer>> places(int at, RegisterOperand.Fixed target) {
        Optional<Slot> slot = MemoryUse.of((Instruction) lines.get(at), facts).slot();
        int label = at - 1;
        int node = flow.nodesOf(label).get(0);
        boolean begins = node % (lines.size() + 1) == 0;
        if (slot.isEmpty() || begins || (slot.get().registers() & RegisterUse.bit(target)) != 0) {
            return Optional.empty();
        }
        Set<Integer> places = new TreeSet<>();
        boolean held = false;
        for (int from = 0; from < flow.nodes(); from++) {
            if (!flow.edges(from).successors().contains(node) || !known.isReached(from)) {
                continue;
            }
            if (known.afterNode(from).stream().anyMatch(fact -> holds(fact, slot.get(), target))) {
                held = true;
                continue;
            }
            Optional<Integer> place = place(from, node, label);
            if (place.isEmpty()) {
                return Optional.empty();
            }
            places.add(place.get());
        }
        boolean hot = places.stream().anyMatch(place -> flow.isHot(place));
        return held && !places.isEmpty() && (places.size() == 1 || !hot)
                ? Optional.of(List.copyOf(places))
                : Optional.empty();
    }

    private static boolean holds(SlotFact fact, Slot slot, RegisterOperand.Fixed target) {
        return fact instanceof SlotFact.InRegister held
                && held.register() == target.register().number()
                && held.slot().beginsWith(slot);
    }

    /** The line before which what has to happen on this way only can stand. */
    private Optional<Integer> place(int from, int to, int label) {
        Optional<Line> line = flow.line(from);
        boolean leaves = line.isPresent()
                && line.get() instanceof Instruction instruction
                && RegisterUse.leaves(instruction)
                && !ControlFlow.isCall(instruction);
        if (!leaves) {
            return from == to - 1 ? Optional.of(label) : Optional.empty();
        }
        ControlFlow.Edges edges = flow.edges(from);
        boolean onlyWay = ControlFlow.isJump((Instruction) line.get())
                && !edges.leaves()
                && edges.successors().equals(Set.of(to));
        return onlyWay ? Optional.of(from % (lines.size() + 1)) : Optional.empty();
    }

    private Rewrite move(int from, List<Integer> places) {
        Line load = lines.get(from);
        List<Line> before = new ArrayList<>();
        List<Line> after = new ArrayList<>();
        for (int i = places.size() - 1; i >= 0; i--) {
            int place = places.get(i);
            if (i == places.size() - 1 && place < from || place < from && from <= places.get(i + 1)) {
                lines.remove(from);
            }
            before.add(0, lines.get(place));
            after.addAll(0, List.of(load, lines.get(place)));
            lines.add(place, load);
        }
        if (places.get(0) > from) {
            lines.remove(from);
        }
        before.add(load);
        return new Rewrite(NAME, before, after, load.span());
    }
}
