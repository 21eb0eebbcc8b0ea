package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Stores that nobody reads: on all ways the same bytes are stored again before anything may read them, or the stencil ends and its
 * contract says that nobody looks at the slot then.
 *
 * <p>Only of slots of which it is certain who sees them: relative to rsp with a number that is known now, as the stack belongs
 * to one thread, and those that the contract names. Everywhere else a store may be a message to somebody.
 */
final class DeadStores {
    static final String NAME = "dead-store";
    /** Moves a store that only one of two ways needs to that way. */
    static final String SINK = "sink-store";

    private static final int RSP = 4;

    private final List<Line> lines;
    private final ControlFlow flow;
    private final Contract contract;
    private final Facts.Source facts;

    private DeadStores(List<Line> lines, ControlFlow flow, Contract contract, Facts.Source facts) {
        this.lines = lines;
        this.flow = flow;
        this.contract = contract;
        this.facts = facts;
    }

    /** Removes the first dead store, or moves the first one that only one way needs. */
    static Optional<Rewrite> rewrite(
            List<Line> lines, ControlFlow flow, Contract contract, Facts.Source facts, RuleOptions options) {
        DeadStores stores = new DeadStores(lines, flow, contract, facts);
        for (int at = 0; at < lines.size(); at++) {
            Optional<Rewrite> rewrite = stores.at(at, options);
            if (rewrite.isPresent()) {
                return rewrite;
            }
        }
        return Optional.empty();
    }

    private Optional<Rewrite> at(int at, RuleOptions options) {
        Optional<Slot> slot = stored(lines.get(at));
        if (slot.isEmpty()) {
            return Optional.empty();
        }
        Line store = lines.get(at);
        if (options.allows(NAME)
                && isDead(slot.get(), flow.edges(flow.nodesOf(at).get(0)))) {
            lines.remove(at);
            return Optional.of(new Rewrite(NAME, List.of(store), List.of(), store.span()));
        }
        Optional<Integer> branch = options.allows(SINK) ? branchToCross(at, slot.get()) : Optional.empty();
        return branch.map(to -> {
            List<Line> window = lines.subList(at, to + 1);
            List<Line> before = List.copyOf(window);
            window.add(store);
            window.remove(0);
            return new Rewrite(SINK, before, List.copyOf(lines.subList(at, to + 1)), store.span());
        });
    }

    /** The slot that a line stores, if only this stencil and its contract say who sees it. */
    private Optional<Slot> stored(Line line) {
        if (!(line instanceof Instruction instruction)
                || !instruction.mnemonic().equals("mov")
                || !(instruction.operands().get(0) instanceof Operand.Memory)
                || instruction.operands().stream()
                        .anyMatch(operand -> SameValue.opaque(operand).findAny().isPresent())) {
            return Optional.empty();
        }
        return MemoryUse.of(instruction, facts)
                .slot()
                .filter(slot -> contract.memory().isScratch(slot)
                        || slot.base() == RSP && slot.index() < 0 && slot.open().isZero());
    }

    /** Whether nobody reads a slot before it is stored again, from some edges on. */
    private boolean isDead(Slot slot, ControlFlow.Edges from) {
        Deque<ControlFlow.Edges> waiting = new ArrayDeque<>(List.of(from));
        Set<Integer> seen = new HashSet<>();
        while (!waiting.isEmpty()) {
            ControlFlow.Edges edges = waiting.remove();
            if (edges.leaves() && !contract.memory().isScratch(slot)) {
                return false;
            }
            for (int node : edges.successors()) {
                if (seen.add(node)) {
                    Fate fate = fate(slot, node);
                    if (fate == Fate.NEEDED) {
                        return false;
                    }
                    if (fate == Fate.OPEN) {
                        waiting.add(flow.edges(node));
                    }
                }
            }
        }
        return true;
    }

    private enum Fate {
        NEEDED,
        OVERWRITTEN,
        OPEN
    }

    private Fate fate(Slot slot, int node) {
        Optional<Line> line = flow.line(node);
        if (line.isEmpty() || line.get() instanceof Line.LabelDefinition) {
            return Fate.OPEN;
        }
        if (line.get() instanceof Line.Java) {
            return flow.callsJava(node) ? Fate.NEEDED : Fate.OPEN;
        }
        if (!(line.get() instanceof Instruction instruction)) {
            boolean nothing = line.get() instanceof Line.SectionSwitch || line.get() instanceof Line.Align;
            return nothing ? Fate.OPEN : Fate.NEEDED;
        }
        MemoryUse use = MemoryUse.of(instruction, facts);
        if (isWayOut(instruction) && contract.memory().isScratch(slot)) {
            return Fate.OPEN; // a return reads an address, which no scratch slot is
        }
        boolean needed = use.equals(MemoryUse.UNKNOWN) || use.mayRead(slot);
        if (needed) {
            return Fate.NEEDED;
        }
        boolean covered =
                use.writes() && use.slot().map(other -> other.covers(slot)).orElse(false);
        if (covered) {
            return Fate.OVERWRITTEN;
        }
        boolean moved = RegisterUse.of(instruction, facts)
                .map(registers -> (registers.written() & slot.registers()) != 0)
                .orElse(false);
        return moved ? Fate.NEEDED : Fate.OPEN;
    }

    private static boolean isWayOut(Instruction instruction) {
        boolean returns = instruction.mnemonic().equals("ret");
        return instruction.operands().isEmpty()
                ? returns
                : ControlFlow.isJump(instruction) && !(instruction.operands().get(0) instanceof Operand.Memory);
    }

    /** The branch behind a store that leads to where nobody needs it, if the store can stand behind the branch as well. */
    private Optional<Integer> branchToCross(int at, Slot slot) {
        Instruction store = (Instruction) lines.get(at);
        int used = RegisterUse.of(store, facts).map(RegisterUse::read).orElse(-1);
        for (int to = at + 1; to < lines.size(); to++) {
            if (!(lines.get(to) instanceof Instruction instruction)) {
                return Optional.empty();
            }
            if (RegisterUse.leaves(instruction)) {
                boolean joins = to + 1 < lines.size() && lines.get(to + 1) instanceof Line.LabelDefinition;
                boolean branch = !joins
                        && instruction.mnemonic().startsWith("j")
                        && !ControlFlow.isJump(instruction)
                        && MemoryUse.of(instruction, facts).equals(MemoryUse.NONE);
                return branch && isDead(slot, taken(to)) ? Optional.of(to) : Optional.empty();
            }
            MemoryUse use = MemoryUse.of(instruction, facts);
            Optional<RegisterUse> registers = RegisterUse.of(instruction, facts);
            boolean stays = registers.isEmpty()
                    || (registers.get().written() & used) != 0
                    || use.mayRead(slot)
                    || use.mayWrite(slot);
            if (stays) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** Where a branch leads if it is taken. */
    private ControlFlow.Edges taken(int at) {
        int node = flow.nodesOf(at).get(0);
        ControlFlow.Edges edges = flow.edges(node);
        Set<Integer> successors = new TreeSet<>(edges.successors());
        successors.remove(node + 1);
        return new ControlFlow.Edges(successors, edges.leaves());
    }
}
