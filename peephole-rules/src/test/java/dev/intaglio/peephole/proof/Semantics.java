package dev.intaglio.peephole.proof;

import com.microsoft.z3.BitVecExpr;
import com.microsoft.z3.BoolExpr;
import dev.intaglio.assembly.ir.Decoration;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.machine.Condition;
import dev.intaglio.assembly.machine.Flag;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import java.util.Optional;

/**
 * What instructions on general registers do, written down from their pages in the SDM (volume 2) without a look at the
 * instruction table or at what the optimizer computes, so that a mistake there is not repeated here. Branches are for {@link Ways}.
 */
final class Semantics {
    private static final Register AH = new Register(RegisterClass.R8H, 4);

    private final Instruction instruction;
    private final State state;
    private final Logic logic;
    private final Operands operands;
    private final Flags flags;

    private Semantics(Instruction instruction, State state, Side side) {
        this.instruction = instruction;
        this.state = state;
        logic = side.logic();
        operands = new Operands(instruction, state, side);
        flags = new Flags(state, side);
    }

    /** Changes the state as the instruction does. */
    static void execute(Instruction instruction, State state, Side side) {
        if (!instruction.prefixes().isEmpty() || !instruction.decoration().equals(Decoration.NONE)) {
            throw new Unmodelled(instruction.toString());
        }
        new Semantics(instruction, state, side).execute();
    }

    private void execute() {
        String mnemonic = instruction.mnemonic();
        switch (mnemonic) {
            case "nop" -> {}
            case "mov" -> operands.write(0, operands.read(1, operands.bits(0)));
            case "movzx" -> operands.write(0, logic.zeroExtended(operands.read(1), operands.bits(0)));
            case "movsx", "movsxd" -> operands.write(0, logic.signExtended(operands.read(1), operands.bits(0)));
            case "lea" -> operands.write(0, logic.low(operands.address(), operands.bits(0)));
            case "add" -> sum(logic.truth(false));
            case "adc" -> sum(state.flag(Flag.C));
            case "sub" -> difference(logic.truth(false), true);
            case "sbb" -> difference(state.flag(Flag.C), true);
            case "cmp" -> difference(logic.truth(false), false);
            case "and", "or", "xor", "test" -> logical();
            case "inc", "dec" -> step();
            case "neg" ->
                operands.write(
                        0, flags.difference(logic.number(0, operands.bits(0)), operands.read(0), logic.truth(false)));
            case "not" -> operands.write(0, logic.inverse(operands.read(0)));
            case "xchg" -> exchange();
            case "bswap" -> swapBytes();
            case "stc", "clc" -> flags.set(Flag.C, mnemonic.equals("stc"));
            case "cmc" -> flags.set(Flag.C, logic.not(state.flag(Flag.C)));
            case "cbw" -> extendAccumulator(RegisterClass.R8, RegisterClass.R16);
            case "cwde" -> extendAccumulator(RegisterClass.R16, RegisterClass.R32);
            case "cdqe" -> extendAccumulator(RegisterClass.R32, RegisterClass.R64);
            case "cwd" -> extendSign(RegisterClass.R16);
            case "cdq" -> extendSign(RegisterClass.R32);
            case "cqo" -> extendSign(RegisterClass.R64);
            case "lahf" -> loadFlags();
            case "sahf" -> storeFlags();
            case "push" -> push();
            case "pop" -> pop();
            default -> others(mnemonic);
        }
    }

    private void others(String mnemonic) {
        Optional<Condition> set = condition("set");
        Optional<Condition> move = condition("cmov");
        if (set.isPresent()) {
            operands.write(0, logic.bit(Flags.holds(set.get(), state, logic), 8));
        } else if (move.isPresent()) {
            // The source is read in any case, and a 32-bit target loses its upper half in any case.
            BitVecExpr source = operands.read(1, operands.bits(0));
            BoolExpr holds = Flags.holds(move.get(), state, logic);
            operands.write(0, logic.choose(holds, source, operands.read(0)));
        } else if (!new Shifts(mnemonic, operands, state, flags, logic).execute()
                && !new Products(mnemonic, operands, state, flags, logic).execute()
                && !new BitScans(mnemonic, operands, flags, logic).execute()) {
            throw new Unmodelled(mnemonic);
        }
    }

    private Optional<Condition> condition(String stem) {
        String mnemonic = instruction.mnemonic();
        return mnemonic.startsWith(stem) ? Condition.parse(mnemonic.substring(stem.length())) : Optional.empty();
    }

    private void sum(BoolExpr carry) {
        BitVecExpr left = operands.read(0);
        BitVecExpr right = operands.read(1, operands.bits(0));
        operands.write(0, flags.sum(left, right, carry));
    }

    private void difference(BoolExpr borrow, boolean keep) {
        BitVecExpr left = operands.read(0);
        BitVecExpr right = operands.read(1, operands.bits(0));
        BitVecExpr result = flags.difference(left, right, borrow);
        if (keep) {
            operands.write(0, result);
        }
    }

    private void logical() {
        BitVecExpr left = operands.read(0);
        BitVecExpr right = operands.read(1, operands.bits(0));
        BitVecExpr result = switch (instruction.mnemonic()) {
            case "or" -> logic.or(left, right);
            case "xor" -> logic.xor(left, right);
            default -> logic.and(left, right);
        };
        flags.ofLogic(result);
        if (!instruction.mnemonic().equals("test")) {
            operands.write(0, result);
        }
    }

    private void step() {
        BoolExpr carry = state.flag(Flag.C);
        BitVecExpr old = operands.read(0);
        BitVecExpr one = logic.number(1, operands.bits(0));
        BoolExpr none = logic.truth(false);
        operands.write(
                0, instruction.mnemonic().equals("inc") ? flags.sum(old, one, none) : flags.difference(old, one, none));
        flags.set(Flag.C, carry);
    }

    private void exchange() {
        BitVecExpr left = operands.read(0);
        BitVecExpr right = operands.read(1);
        if (operands.isMemory(1)) {
            operands.write(1, left);
            operands.write(0, right);
        } else {
            operands.write(0, right);
            operands.write(1, left);
        }
    }

    private void swapBytes() {
        BitVecExpr old = operands.read(0);
        if (old.getSortSize() == 16) {
            throw new Unmodelled("bswap of 16 bits");
        }
        BitVecExpr swapped = logic.low(old, 8);
        for (int at = 8; at < old.getSortSize(); at += 8) {
            swapped = logic.joined(swapped, logic.part(old, at, 8));
        }
        operands.write(0, swapped);
    }

    private void extendAccumulator(RegisterClass from, RegisterClass to) {
        state.write(new Register(to, 0), logic.signExtended(state.read(new Register(from, 0)), to.bytes() * 8));
    }

    private void extendSign(RegisterClass kind) {
        int bits = kind.bytes() * 8;
        BitVecExpr wide = logic.signExtended(state.read(new Register(kind, 0)), 2 * bits);
        state.write(new Register(kind, 2), logic.part(wide, bits, bits));
    }

    /** S, Z, 0, A, 0, P, 1 and C, from bit 7 to bit 0. */
    private void loadFlags() {
        BitVecExpr all = logic.number(2, 8);
        for (Flag flag : new Flag[] {Flag.S, Flag.Z, Flag.A, Flag.P, Flag.C}) {
            int place = switch (flag) {
                case S -> 7;
                case Z -> 6;
                case A -> 4;
                case P -> 2;
                default -> 0;
            };
            all = logic.or(all, logic.left(logic.bit(state.flag(flag), 8), logic.number(place, 8)));
        }
        state.write(AH, all);
    }

    private void storeFlags() {
        BitVecExpr from = state.read(AH);
        flags.set(Flag.S, logic.bit(from, 7));
        flags.set(Flag.Z, logic.bit(from, 6));
        flags.set(Flag.A, logic.bit(from, 4));
        flags.set(Flag.P, logic.bit(from, 2));
        flags.set(Flag.C, logic.bit(from, 0));
    }

    private void push() {
        BitVecExpr value = operands.read(0, 64);
        BitVecExpr top = logic.minus(state.register64(4), logic.number(8, 64));
        if (value.getSortSize() != 64) {
            throw new Unmodelled("push of 16 bits");
        }
        state.store(top, value);
        state.register64(4, top);
    }

    private void pop() {
        if (operands.isMemory(0) || operands.bits(0) != 64) {
            throw new Unmodelled("pop of " + operands.operand(0));
        }
        BitVecExpr top = state.register64(4);
        BitVecExpr value = state.load(top, 64);
        state.register64(4, logic.plus(top, logic.number(8, 64)));
        operands.write(0, value);
    }
}
