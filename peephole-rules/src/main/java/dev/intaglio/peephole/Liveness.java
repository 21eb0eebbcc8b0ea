package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.FlagSet;
import dev.intaglio.assembly.machine.RegisterClass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which registers and flags may still be read after each line of a stencil: one backward dataflow over its control flow.
 *
 * <p>The ways out of a stencil are its end, and jumps and returns to places outside, whether by {@code =>label},
 * {@code ->label}, address or register; what is live there its {@link Contract} says: <strong>all registers, and not the
 * arithmetic flags</strong>, where it is silent. A call
 * reads all registers and leaves the flags undefined, where the contract does not tell more. A Java line that calls something may
 * emit other stencils there, so everything is live before it. A frame pointer is read by whoever walks the stack. Where the flow
 * of control cannot be told, everything is live everywhere.
 */
public final class Liveness {
    private final Locations[] liveAfter;

    private Liveness(Locations[] liveAfter) {
        this.liveAfter = liveAfter;
    }

    public static Liveness of(List<Line> lines, Contract contract) {
        return of(lines, contract, new TableEffects(new TableFacts()));
    }

    static Liveness of(List<Line> lines, Contract contract, TableEffects effects) {
        Optional<ControlFlow> flow = ControlFlow.of(lines);
        if (flow.isEmpty()) {
            Locations[] all = new Locations[lines.size()];
            Arrays.fill(all, Locations.ALL);
            return new Liveness(all);
        }
        Locations[] liveAfter = solve(flow.get(), lines.size(), contract, effects);
        for (int at = 0; at < liveAfter.length; at++) {
            if (isFramePointer(lines.get(at))) {
                liveAfter[at] = liveAfter[at].plus(Locations.AT_EXIT);
            }
        }
        return new Liveness(liveAfter);
    }

    /** The registers that the lines may read before they write them, calls left aside; none where control cannot be followed. */
    static Locations readAtEntry(List<Line> lines, TableEffects effects) {
        Optional<ControlFlow> flow = ControlFlow.of(lines);
        boolean emitsMore = flow.isEmpty()
                || java.util.stream.IntStream.range(0, flow.get().nodes()).anyMatch(flow.get()::emitsMore);
        if (emitsMore || lines.isEmpty()) {
            return Locations.NONE;
        }
        List<Line> calm = lines.stream()
                .filter(line -> !(line instanceof Instruction instruction && ControlFlow.isCall(instruction)))
                .toList();
        return ControlFlow.of(calm)
                .map(without -> before(without, Locations.NONE, CallContract.UNKNOWN, effects)[0])
                .orElse(Locations.NONE);
    }

    /** Whether a line counts the bytes of instructions by itself, so that none may change or move. */
    public static boolean measuresCode(Line line) {
        return ControlFlow.measuresCode(line);
    }

    /** The registers and flags whose values may be read after this line. */
    public Locations liveAfter(int line) {
        return liveAfter[line];
    }

    public FlagSet flagsLiveAfter(int line) {
        return liveAfter[line].flags();
    }

    public FlagSet flagsDeadAfter(int line) {
        return liveAfter[line].complement().flags();
    }

    /** Whether nothing reads what a write through this register changes: for a 32-bit register, all 64 bits. */
    public boolean isDeadAfter(int line, RegisterOperand register) {
        Locations written = Locations.writtenThrough(register);
        return !written.isEmpty() && !liveAfter[line].intersects(written);
    }

    /** {@code mov rbp, rsp}. */
    private static boolean isFramePointer(Line line) {
        return line instanceof Instruction instruction
                && instruction.mnemonic().equals("mov")
                && instruction.operands().size() == 2
                && isRegister(instruction.operands().get(0), 5)
                && isRegister(instruction.operands().get(1), 4);
    }

    private static boolean isRegister(Operand operand, int number) {
        return operand instanceof RegisterOperand.Fixed register
                && register.kind() == RegisterClass.R64
                && register.register().number() == number;
    }

    private static Locations[] solve(ControlFlow flow, int lines, Contract contract, TableEffects effects) {
        Locations liveOut = contract.liveOut();
        Locations[] before = before(flow, liveOut, contract.calls(), effects);
        Locations[] result = new Locations[lines];
        for (int line = 0; line < lines; line++) {
            result[line] = flow.nodesOf(line).stream()
                    .map(node -> after(flow.edges(node), before, liveOut))
                    .reduce(Locations.NONE, Locations::plus);
        }
        return result;
    }

    /** What is live before each node. */
    private static Locations[] before(ControlFlow flow, Locations liveOut, CallContract calls, TableEffects effects) {
        int nodes = flow.nodes();
        List<ControlFlow.Edges> edges = new ArrayList<>(nodes);
        List<Effects> effect = new ArrayList<>(nodes);
        for (int node = 0; node < nodes; node++) {
            edges.add(flow.edges(node));
            effect.add(effect(flow, node, calls, effects));
        }
        Locations[] before = new Locations[nodes];
        Arrays.fill(before, Locations.NONE);
        // From the last to the first once is enough where no way leads back.
        boolean onlyAhead = true;
        for (int node = 0; node < nodes && onlyAhead; node++) {
            for (int successor : edges.get(node).successors()) {
                onlyAhead &= successor > node;
            }
        }
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int node = nodes - 1; node >= 0; node--) {
                Locations after = after(edges.get(node), before, liveOut);
                Locations now = after.minus(effect.get(node).kills())
                        .plus(effect.get(node).reads());
                changed |= !onlyAhead && !now.equals(before[node]);
                before[node] = now;
            }
        }
        return before;
    }

    private static Locations after(ControlFlow.Edges edges, Locations[] before, Locations liveOut) {
        Locations after = edges.leaves() ? liveOut : Locations.NONE;
        for (int successor : edges.successors()) {
            after = after.plus(before[successor]);
        }
        return after;
    }

    private static Effects effect(ControlFlow flow, int node, CallContract calls, TableEffects effects) {
        Optional<Line> line = flow.line(node);
        if (line.isEmpty()) {
            return Effects.NONE;
        }
        if (line.get() instanceof Instruction instruction) {
            if (ControlFlow.isCall(instruction)) {
                return call(instruction, flow.staysInside(instruction), calls);
            }
            return effects.of(instruction);
        }
        if (line.get() instanceof Line.Java) {
            return flow.callsJava(node) ? Effects.UNKNOWN : Effects.NONE;
        }
        // Data between instructions may be instructions; what was not understood may be anything.
        boolean unknown = line.get() instanceof Line.Data
                || line.get() instanceof Line.BadLine
                || line.get() instanceof Line.Observe
                || line.get() instanceof Line.Enter
                || line.get() instanceof Line.Leave;
        return unknown ? Effects.UNKNOWN : Effects.NONE;
    }

    /**
     * A call does as the contract says, and reads the registers that its operand is made of; one that may run lines of this stencil
     * reads all registers and lets flags pass.
     */
    private static Effects call(Instruction call, boolean staysInside, CallContract calls) {
        if (staysInside) {
            return new Effects(Locations.AT_EXIT, Locations.NONE);
        }
        Locations operands =
                call.operands().stream().map(TableEffects::readByTarget).reduce(calls.reads(), Locations::plus);
        return new Effects(operands, calls.kills());
    }
}
