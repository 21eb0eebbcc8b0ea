package dev.intaglio.peephole.proof;

import com.microsoft.z3.BitVecExpr;
import com.microsoft.z3.BoolExpr;
import dev.intaglio.assembly.machine.Flag;

/** Shifts and rotates. A count is taken modulo 32, or 64 for 64 bits; a count of zero leaves all flags alone. */
final class Shifts {
    private final String mnemonic;
    private final Operands operands;
    private final State state;
    private final Flags flags;
    private final Logic logic;

    Shifts(String mnemonic, Operands operands, State state, Flags flags, Logic logic) {
        this.mnemonic = mnemonic;
        this.operands = operands;
        this.state = state;
        this.flags = flags;
        this.logic = logic;
    }

    /** False for an instruction of another kind. */
    boolean execute() {
        switch (mnemonic) {
            case "shl", "sal", "shr", "sar" -> shift();
            case "rol", "ror" -> rotate();
            case "rcl", "rcr" -> rotateWithCarry();
            case "shlx", "shrx", "sarx", "rorx" -> withoutFlags();
            default -> {
                return false;
            }
        }
        return true;
    }

    /** The count in as many bits as the operand has; of the shortest operands it can exceed the width. */
    private BitVecExpr count(int index, int bits) {
        BitVecExpr written = operands.isImmediate(index) ? operands.read(index, 8) : operands.read(index);
        BitVecExpr masked = logic.and(logic.low(written, 8), logic.number(bits == 64 ? 63 : 31, 8));
        return logic.zeroExtended(masked, bits);
    }

    private BitVecExpr counted() {
        return operands.count() == 1 ? logic.number(1, operands.bits(0)) : count(1, operands.bits(0));
    }

    private void shift() {
        BitVecExpr old = operands.read(0);
        int bits = old.getSortSize();
        BitVecExpr count = counted();
        BitVecExpr one = logic.number(1, bits);
        BitVecExpr width = logic.number(bits, bits);
        BoolExpr some = logic.not(logic.isZero(count));
        BoolExpr tooFar = logic.not(logic.less(count, width));
        BitVecExpr result;
        BoolExpr carry;
        BoolExpr overflow;
        switch (mnemonic) {
            case "shr" -> {
                result = logic.right(old, count);
                carry = logic.bit(logic.right(old, logic.minus(count, one)), 0);
                overflow = logic.sign(old);
            }
            case "sar" -> {
                result = logic.rightSigned(old, count);
                carry = logic.bit(logic.rightSigned(old, logic.minus(count, one)), 0);
                overflow = logic.truth(false);
            }
            default -> {
                result = logic.left(old, count);
                carry = logic.bit(logic.right(old, logic.minus(width, count)), 0);
                overflow = logic.differ(logic.sign(result), carry);
            }
        }
        BoolExpr defined = mnemonic.equals("sar") ? carry : logic.choose(tooFar, undefined(), carry);
        flags.setWhere(some, Flag.C, defined);
        flags.setWhere(some, Flag.O, logic.choose(logic.is(count, 1), overflow, undefined()));
        flags.setWhere(some, Flag.S, logic.sign(result));
        flags.setWhere(some, Flag.Z, logic.isZero(result));
        flags.setWhere(some, Flag.P, flags.evenParity(result));
        flags.setWhere(some, Flag.A, undefined());
        operands.write(0, result);
    }

    private BoolExpr undefined() {
        return operands.side().undefined();
    }

    private void rotate() {
        BitVecExpr old = operands.read(0);
        int bits = old.getSortSize();
        BitVecExpr count = counted();
        BitVecExpr distance = logic.and(count, logic.number(bits - 1, bits));
        boolean left = mnemonic.equals("rol");
        BitVecExpr result = left ? rotatedLeft(old, distance) : rotatedRight(old, distance);
        BoolExpr some = logic.not(logic.isZero(count));
        BoolExpr carry = left ? logic.bit(result, 0) : logic.sign(result);
        BoolExpr overflow = left
                ? logic.differ(logic.sign(result), carry)
                : logic.differ(logic.sign(result), logic.bit(result, bits - 2));
        flags.setWhere(some, Flag.C, carry);
        flags.setWhere(some, Flag.O, logic.choose(logic.is(count, 1), overflow, undefined()));
        operands.write(0, result);
    }

    private BitVecExpr rotatedLeft(BitVecExpr value, BitVecExpr distance) {
        BitVecExpr rest = logic.minus(logic.number(value.getSortSize(), value.getSortSize()), distance);
        return logic.or(logic.left(value, distance), logic.right(value, rest));
    }

    private BitVecExpr rotatedRight(BitVecExpr value, BitVecExpr distance) {
        BitVecExpr rest = logic.minus(logic.number(value.getSortSize(), value.getSortSize()), distance);
        return logic.or(logic.right(value, distance), logic.left(value, rest));
    }

    /** The carry is one bit more above the operand. */
    private void rotateWithCarry() {
        BitVecExpr old = operands.read(0);
        int bits = old.getSortSize();
        BoolExpr before = state.flag(Flag.C);
        BitVecExpr count = counted();
        BitVecExpr wide = logic.joined(logic.bit(before, 1), old);
        BitVecExpr modulo = logic.z3().mkBVURem(logic.zeroExtended(count, bits + 1), logic.number(bits + 1, bits + 1));
        boolean left = mnemonic.equals("rcl");
        BitVecExpr rotated = left ? rotatedLeft(wide, modulo) : rotatedRight(wide, modulo);
        BitVecExpr result = logic.low(rotated, bits);
        BoolExpr carry = logic.bit(rotated, bits);
        BoolExpr some = logic.not(logic.isZero(count));
        BoolExpr overflow = left
                ? logic.differ(logic.sign(result), carry)
                : logic.differ(logic.sign(result), logic.bit(result, bits - 2));
        flags.set(Flag.C, carry);
        flags.setWhere(some, Flag.O, logic.choose(logic.is(count, 1), overflow, undefined()));
        operands.write(0, result);
    }

    private void withoutFlags() {
        BitVecExpr old = operands.read(1);
        int bits = old.getSortSize();
        BitVecExpr count = count(2, bits);
        operands.write(
                0,
                switch (mnemonic) {
                    case "shlx" -> logic.left(old, count);
                    case "shrx" -> logic.right(old, count);
                    case "sarx" -> logic.rightSigned(old, count);
                    default -> rotatedRight(old, logic.and(count, logic.number(bits - 1, bits)));
                });
    }
}
