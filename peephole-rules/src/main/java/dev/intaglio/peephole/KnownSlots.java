package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.RegisterClass;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of slots before each line: one forward dataflow over the control flow of a stencil, joined by intersection.
 *
 * <p>Nothing is known where a section begins, at a label that somebody outside may jump to, behind a call, a fence, a locked
 * instruction, data, or Java that may emit something. A store makes unknown what it may overlap: all slots that are not at
 * another distance from the same registers. Writing a register makes unknown what was said with it.
 */
final class KnownSlots {
    /** With more than these all is forgotten, so that large stencils take no more time than small ones for each line. */
    private static final int MOST = 64;

    private final ControlFlow flow;
    private final List<Line> lines;
    private final Facts.Source facts;
    /** For each node what is known before it; null where no way leads as far as is known. */
    private final Set<SlotFact>[] before;

    @SuppressWarnings({"unchecked", "rawtypes"})
    private KnownSlots(ControlFlow flow, List<Line> lines, Facts.Source facts) {
        this.flow = flow;
        this.lines = lines;
        this.facts = facts;
        this.before = new Set[flow.nodes()];
    }

    static KnownSlots of(ControlFlow flow, List<Line> lines, Facts.Source facts) {
        KnownSlots known = new KnownSlots(flow, lines, facts);
        known.solve();
        return known;
    }

    /** What is known before a line that stands in one section; empty where no way leads to the line. */
    Optional<Set<SlotFact>> before(int line) {
        return Optional.ofNullable(before[flow.nodesOf(line).get(0)]);
    }

    /** Whether a way leads to a node. */
    boolean isReached(int node) {
        return before[node] != null;
    }

    /** What is known behind a node that a way leads to. */
    Set<SlotFact> afterNode(int node) {
        return after(before[node], node);
    }

    private void solve() {
        Deque<Integer> waiting = new ArrayDeque<>();
        for (int node = 0; node < before.length; node += lines.size() + 1) {
            arrive(node, Set.of(), waiting); // another stencil's section may fall through into this one
        }
        for (int at = 0; at < lines.size(); at++) {
            if (isEntry(lines.get(at))) {
                flow.nodesOf(at).forEach(node -> arrive(node, Set.of(), waiting));
            }
        }
        while (!waiting.isEmpty()) {
            int node = waiting.remove();
            Set<SlotFact> after = after(before[node], node);
            flow.edges(node).successors().forEach(successor -> arrive(successor, after, waiting));
        }
    }

    private static boolean isEntry(Line line) {
        return line instanceof Line.LabelDefinition label && !(label.label() instanceof LabelReference.Next);
    }

    private void arrive(int node, Set<SlotFact> known, Deque<Integer> waiting) {
        if (before[node] == null) {
            before[node] = known;
            waiting.add(node);
        } else if (!known.containsAll(before[node])) {
            Set<SlotFact> both = new HashSet<>(before[node]);
            both.retainAll(known);
            before[node] = both;
            waiting.add(node);
        }
    }

    private Set<SlotFact> after(Set<SlotFact> known, int node) {
        Optional<Line> line = flow.line(node);
        if (line.isEmpty()) {
            return known;
        }
        if (line.get() instanceof Instruction instruction) {
            return after(known, instruction);
        }
        if (line.get() instanceof Line.Java) {
            return flow.callsJava(node) ? Set.of() : without(known, SlotFact::isOpen);
        }
        boolean passes = line.get() instanceof Line.LabelDefinition
                || line.get() instanceof Line.SectionSwitch
                || line.get() instanceof Line.Frame
                || line.get() instanceof Line.Align;
        return passes ? known : Set.of();
    }

    private Set<SlotFact> after(Set<SlotFact> known, Instruction instruction) {
        MemoryUse use = MemoryUse.of(instruction, facts);
        if (use.equals(MemoryUse.UNKNOWN)) {
            return Set.of();
        }
        if (ControlFlow.isJump(instruction) || RegisterUse.leaves(instruction)) {
            return known;
        }
        int written = RegisterUse.of(instruction, facts).orElseThrow().written();
        boolean evaluates = instruction.operands().stream()
                .anyMatch(operand -> SameValue.opaque(operand).findAny().isPresent());
        Set<SlotFact> after = without(
                known,
                fact -> fact.dependsOn(written)
                        || fact.isOfContents() && use.mayWrite(fact.slot())
                        || evaluates && fact.isOpen());
        learn(instruction, use, written, known, after);
        return after;
    }

    private static Set<SlotFact> without(Set<SlotFact> known, java.util.function.Predicate<SlotFact> gone) {
        Set<SlotFact> left = new HashSet<>();
        if (known.size() <= MOST) {
            known.stream().filter(fact -> !gone.test(fact)).forEach(left::add);
        }
        return left;
    }

    private void learn(Instruction instruction, MemoryUse use, int written, Set<SlotFact> known, Set<SlotFact> after) {
        List<Operand> operands = instruction.operands();
        if (use.writes() && use.slot().isPresent()) {
            after.add(new SlotFact.Writable(use.slot().get()));
        }
        boolean moves = operands.size() == 2
                && Set.of("mov", "movzx", "movsx", "movsxd").contains(instruction.mnemonic());
        if (!moves) {
            return;
        }
        if (use.slot().isPresent() && operands.get(0) instanceof Operand.Memory) {
            stored(use.slot().get(), operands.get(1)).ifPresent(after::add);
        } else if (use.slot().isPresent() && general(operands.get(0)) >= 0) {
            Slot slot = use.slot().get();
            int target = general(operands.get(0));
            boolean extended =
                    isWhole(operands.get(0)) && !instruction.mnemonic().startsWith("movs");
            if ((slot.registers() & 1 << target) == 0) {
                after.add(new SlotFact.InRegister(slot, target, extended));
            }
        } else if (instruction.mnemonic().equals("mov")
                && general(operands.get(0)) >= 0
                && general(operands.get(1)) >= 0
                && isWhole(operands.get(0))) {
            copied(general(operands.get(1)), general(operands.get(0)), bytes(operands.get(0)), written, known, after);
        }
    }

    private static Optional<SlotFact> stored(Slot slot, Operand source) {
        if (general(source) >= 0) {
            return Optional.of(new SlotFact.InRegister(slot, general(source), false));
        }
        if (source instanceof Operand.Immediate immediate && EmissionArithmetic.isInteger(immediate.value())) {
            // What does not fit is an error at emission, whatever is made of it.
            return Optional.of(new SlotFact.Number(slot, immediate.value()));
        }
        return Optional.empty();
    }

    private static void copied(int from, int to, int bytes, int written, Set<SlotFact> known, Set<SlotFact> after) {
        for (SlotFact fact : known) {
            if (fact instanceof SlotFact.InRegister held
                    && held.register() == from
                    && held.slot().bytes() <= bytes
                    && (held.slot().registers() & written) == 0) {
                boolean extended = held.extended() || bytes == 4 && held.slot().bytes() == 4;
                after.add(new SlotFact.InRegister(held.slot(), to, extended));
            }
        }
    }

    /** The number of a fixed general register whose low bits an operand is; -1 of anything else. */
    static int general(Operand operand) {
        return operand instanceof RegisterOperand.Fixed fixed
                        && fixed.kind().isGeneral()
                        && fixed.kind() != RegisterClass.R8H
                ? fixed.register().number()
                : -1;
    }

    private static int bytes(Operand operand) {
        return ((RegisterOperand) operand).kind().bytes();
    }

    /** Whether writing a register leaves nothing of what it held. */
    private static boolean isWhole(Operand operand) {
        RegisterClass kind = ((RegisterOperand) operand).kind();
        return kind == RegisterClass.R64 || kind == RegisterClass.R32;
    }
}
