package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.RegisterClass;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which registers have at all ways out of a stencil the value that they had where it began, whatever they hold between: they are
 * pushed and popped, stored in the frame and loaded again, or copied to other registers and back.
 *
 * <p>One forward dataflow. A value is known if a register held it at the beginning, or if it is an address in the stack as it was
 * then. Nobody is expected to change the frame's slots through other addresses, or to jump into the middle of a stencil that
 * saves registers.
 */
final class SavedRegisters {
    private static final int RSP = 4;
    private static final int RBP = 5;
    private static final int WORD = 8;

    /** The value of a register at the beginning. */
    private sealed interface Value {}

    private record Entry(int register) implements Value {}

    /** So many bytes from where rsp pointed to at the beginning. */
    private record Stack(long offset) implements Value {}

    /** What is known of registers, and of eight bytes at places of the stack. What is not known is not there. */
    private record State(Map<Integer, Value> registers, Map<Long, Value> frame) {
        static State atEntry() {
            Map<Integer, Value> registers = new HashMap<>();
            for (int number = 0; number < 16; number++) {
                registers.put(number, number == RSP ? new Stack(0) : new Entry(number));
            }
            return new State(registers, new HashMap<>());
        }

        State copy() {
            return new State(new HashMap<>(registers), new HashMap<>(frame));
        }

        State meet(State other) {
            State both = copy();
            both.registers.entrySet().retainAll(other.registers.entrySet());
            both.frame.entrySet().retainAll(other.frame.entrySet());
            return both;
        }

        void set(int register, Optional<Value> value) {
            value.ifPresentOrElse(known -> registers.put(register, known), () -> registers.remove(register));
        }

        Optional<Value> of(int register) {
            return Optional.ofNullable(registers.get(register));
        }

        void store(long offset, Optional<Value> value) {
            frame.keySet().removeIf(place -> place > offset - WORD && place < offset + WORD);
            value.ifPresent(known -> frame.put(offset, known));
        }
    }

    private final List<Line> lines;
    private final ControlFlow flow;
    private final Facts.Source facts;

    private SavedRegisters(List<Line> lines, ControlFlow flow, Facts.Source facts) {
        this.lines = lines;
        this.flow = flow;
        this.facts = facts;
    }

    /** The numbers of the registers that are as they were, but rsp; empty where control flow is not known. */
    static Optional<Set<Integer>> of(List<Line> lines, Facts.Source facts) {
        return ControlFlow.of(lines).map(flow -> new SavedRegisters(lines, flow, facts).atExits());
    }

    private Set<Integer> atExits() {
        Set<Integer> kept = new TreeSet<>();
        for (int number = 0; number < 16; number++) {
            kept.add(number);
        }
        State[] before = new State[flow.nodes()];
        before[0] = State.atEntry();
        Deque<Integer> work = new ArrayDeque<>(List.of(0));
        List<State> exits = new ArrayList<>();
        while (!work.isEmpty()) {
            int node = work.remove();
            State after = before[node].copy();
            Optional<Line> line = flow.line(node);
            if (line.orElse(null) instanceof Instruction instruction) {
                execute(instruction, after);
            }
            ControlFlow.Edges edges = edges(node);
            if (edges.leaves()) {
                exits.add(after);
            }
            for (int next : edges.successors()) {
                State joined = before[next] == null ? after : before[next].meet(after);
                if (!joined.equals(before[next])) {
                    before[next] = joined;
                    work.add(next);
                }
            }
        }
        exits.forEach(exit -> kept.removeIf(number -> !exit.of(number).equals(Optional.of(new Entry(number)))));
        return kept;
    }

    /** A label that the stencil defines is meant where it names it; a call comes back. */
    private ControlFlow.Edges edges(int node) {
        ControlFlow.Edges edges = flow.edges(node);
        if (flow.line(node).orElse(null) instanceof Instruction branch
                && branch.mnemonic().startsWith("j")
                && branch.operands().size() == 1
                && branch.operands().get(0) instanceof Operand.LabelTarget target
                && target.label() instanceof LabelReference.Given) {
            Set<Integer> successors = new TreeSet<>();
            for (int at = 0; at < lines.size(); at++) {
                if (lines.get(at) instanceof Line.LabelDefinition definition
                        && SameValue.labels(target.label(), definition.label())) {
                    successors.addAll(flow.nodesOf(at));
                }
            }
            if (!successors.isEmpty()) {
                if (!ControlFlow.isJump(branch)) {
                    successors.add(node + 1);
                }
                return new ControlFlow.Edges(successors, false);
            }
        }
        boolean calls = flow.line(node).orElse(null) instanceof Instruction call && ControlFlow.isCall(call);
        return calls ? new ControlFlow.Edges(edges.successors(), false) : edges;
    }

    private void execute(Instruction instruction, State state) {
        Optional<Integer> target = register(instruction, 0);
        switch (instruction.prefixes().isEmpty() ? instruction.mnemonic() : "") {
            case "push" -> {
                Optional<Value> value = source(instruction, 0, state);
                move(RSP, -WORD, state);
                place(RSP, 0, state).ifPresent(place -> state.store(place, value));
            }
            case "pop" -> {
                Optional<Value> value = place(RSP, 0, state).map(state.frame()::get);
                move(RSP, WORD, state);
                written(instruction, state, value);
            }
            case "leave" -> {
                state.set(RSP, state.of(RBP));
                state.set(RBP, place(RSP, 0, state).map(state.frame()::get));
                move(RSP, WORD, state);
            }
            case "mov" -> written(instruction, state, source(instruction, 1, state));
            case "lea" ->
                written(instruction, state, address(instruction, 1, state).map(Stack::new));
            case "add", "sub" -> {
                boolean add = instruction.mnemonic().equals("add");
                Optional<Long> number = number(instruction);
                if (target.isPresent() && number.isPresent()) {
                    move(target.get(), add ? number.get() : -number.get(), state);
                } else {
                    written(instruction, state, Optional.empty());
                }
            }
            case "call" -> {
                for (int number : CallContract.CHANGED) {
                    state.set(number, Optional.empty());
                }
            }
            default -> written(instruction, state, Optional.empty());
        }
    }

    /** All that the instruction writes becomes unknown, but its first operand. */
    private void written(Instruction instruction, State state, Optional<Value> value) {
        Optional<Long> place = address(instruction, 0, state);
        Optional<Integer> target = register(instruction, 0);
        boolean reads = Set.of("cmp", "test", "bt").contains(instruction.mnemonic());
        int changed = ContractCheck.written(instruction, facts);
        for (int number = 0; number < 16; number++) {
            // Of pop and its like rsp is known already.
            boolean stack = number == RSP && Set.of("push", "pop").contains(instruction.mnemonic());
            if ((changed >> number & 1) != 0 && !stack && changed != 0xffff) {
                state.set(number, Optional.empty());
            }
        }
        if (target.isPresent() && (changed >> target.get() & 1) != 0) {
            state.set(target.get(), value);
        }
        if (place.isPresent() && !reads) {
            state.store(place.get(), value);
        } else if (!reads && isIndexedFrame(instruction, state)) {
            state.frame().clear();
        }
    }

    /** What a push or a move of eight bytes takes. */
    private static Optional<Value> source(Instruction instruction, int index, State state) {
        Optional<Integer> register = register(instruction, index);
        boolean whole = index == 0 || register(instruction, 0).isPresent() || register.isPresent();
        if (register.isPresent()) {
            return state.of(register.get());
        }
        return whole ? address(instruction, index, state).map(state.frame()::get) : Optional.empty();
    }

    private static void move(int register, long bytes, State state) {
        state.set(register, place(register, bytes, state).map(Stack::new));
    }

    private static Optional<Long> place(int register, long offset, State state) {
        return state.of(register).filter(Stack.class::isInstance).map(value -> ((Stack) value).offset() + offset);
    }

    /** The number of an operand that is a 64-bit register with a fixed name. */
    private static Optional<Integer> register(Instruction instruction, int index) {
        return instruction.operands().size() > index
                        && instruction.operands().get(index) instanceof RegisterOperand.Fixed fixed
                        && fixed.kind() == RegisterClass.R64
                ? Optional.of(fixed.register().number())
                : Optional.empty();
    }

    private static Optional<Long> number(Instruction instruction) {
        return instruction.operands().size() == 2
                        && instruction.operands().get(1) instanceof Operand.Immediate immediate
                        && immediate.value().isConstant()
                ? Optional.of(immediate.value().constant().getAsLong())
                : Optional.empty();
    }

    /** Where in the stack an operand lies. */
    private static Optional<Long> address(Instruction instruction, int index, State state) {
        if (instruction.operands().size() > index
                && instruction.operands().get(index) instanceof Operand.Memory memory
                && memory.address() instanceof Address.Indexed address
                && address.index().isEmpty()
                && address.displacement().isConstant()
                && address.base().orElse(null) instanceof RegisterOperand.Fixed base
                && base.kind() == RegisterClass.R64) {
            return place(
                    base.register().number(), address.displacement().constant().getAsLong(), state);
        }
        return Optional.empty();
    }

    /** A store somewhere in the frame. */
    private static boolean isIndexedFrame(Instruction instruction, State state) {
        return instruction.operands().size() > 0
                && instruction.operands().get(0) instanceof Operand.Memory memory
                && memory.address() instanceof Address.Indexed address
                && address.base().orElse(null) instanceof RegisterOperand.Fixed base
                && base.kind() == RegisterClass.R64
                && place(base.register().number(), 0, state).isPresent();
    }
}
