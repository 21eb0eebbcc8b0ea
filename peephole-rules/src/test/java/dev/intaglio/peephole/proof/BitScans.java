package dev.intaglio.peephole.proof;

import com.microsoft.z3.BitVecExpr;
import com.microsoft.z3.BoolExpr;
import dev.intaglio.assembly.machine.Flag;

/** Single bits, counting and scanning of bits, BMI. */
final class BitScans {
    private final String mnemonic;
    private final Operands operands;
    private final Flags flags;
    private final Logic logic;

    BitScans(String mnemonic, Operands operands, Flags flags, Logic logic) {
        this.mnemonic = mnemonic;
        this.operands = operands;
        this.flags = flags;
        this.logic = logic;
    }

    /** False for an instruction of another kind. */
    boolean execute() {
        switch (mnemonic) {
            case "bt", "bts", "btr", "btc" -> oneBit();
            case "bsf", "bsr" -> scan();
            case "tzcnt", "lzcnt" -> countZeros();
            case "popcnt" -> countOnes();
            case "andn" -> andNot();
            case "blsi", "blsr", "blsmsk" -> lowestBit();
            case "bzhi" -> clearFrom();
            case "bextr" -> extract();
            default -> {
                return false;
            }
        }
        return true;
    }

    private void oneBit() {
        if (operands.isMemory(0)) {
            throw new Unmodelled(mnemonic + " of memory");
        }
        BitVecExpr old = operands.read(0);
        int bits = old.getSortSize();
        BitVecExpr index = operands.isImmediate(1) ? logic.zeroExtended(operands.read(1, 8), bits) : operands.read(1);
        BitVecExpr at = logic.and(index, logic.number(bits - 1, bits));
        BitVecExpr mask = logic.left(logic.number(1, bits), at);
        flags.set(Flag.C, logic.bit(logic.right(old, at), 0));
        flags.undefined(Flag.O, Flag.S, Flag.A, Flag.P);
        switch (mnemonic) {
            case "bts" -> operands.write(0, logic.or(old, mask));
            case "btr" -> operands.write(0, logic.and(old, logic.inverse(mask)));
            case "btc" -> operands.write(0, logic.xor(old, mask));
            default -> {}
        }
    }

    /** A zero leaves the target alone, as both makers' processors do; a 32-bit target's upper half is another matter. */
    private void scan() {
        BitVecExpr source = operands.read(1);
        int bits = source.getSortSize();
        if (bits == 32) {
            throw new Unmodelled(mnemonic + " of 32 bits");
        }
        BitVecExpr found = mnemonic.equals("bsf")
                ? zerosBelow(source)
                : logic.minus(logic.number(bits - 1, bits), zerosAbove(source));
        flags.undefined(Flag.O, Flag.S, Flag.A, Flag.P, Flag.C);
        flags.set(Flag.Z, logic.isZero(source));
        operands.write(0, logic.choose(logic.isZero(source), operands.read(0), found));
    }

    private void countZeros() {
        BitVecExpr source = operands.read(1);
        BitVecExpr result = mnemonic.equals("tzcnt") ? zerosBelow(source) : zerosAbove(source);
        flags.undefined(Flag.O, Flag.S, Flag.A, Flag.P);
        flags.set(Flag.C, logic.isZero(source));
        flags.set(Flag.Z, logic.isZero(result));
        operands.write(0, result);
    }

    private void countOnes() {
        BitVecExpr source = operands.read(1);
        int bits = source.getSortSize();
        BitVecExpr result = logic.number(0, bits);
        for (int at = 0; at < bits; at++) {
            result = logic.plus(result, logic.zeroExtended(logic.part(source, at, 1), bits));
        }
        for (Flag flag : new Flag[] {Flag.O, Flag.S, Flag.A, Flag.P, Flag.C}) {
            flags.set(flag, false);
        }
        flags.set(Flag.Z, logic.isZero(source));
        operands.write(0, result);
    }

    private BitVecExpr zerosBelow(BitVecExpr value) {
        int bits = value.getSortSize();
        BitVecExpr result = logic.number(bits, bits);
        for (int at = bits - 1; at >= 0; at--) {
            result = logic.choose(logic.bit(value, at), logic.number(at, bits), result);
        }
        return result;
    }

    private BitVecExpr zerosAbove(BitVecExpr value) {
        int bits = value.getSortSize();
        BitVecExpr result = logic.number(bits, bits);
        for (int at = 0; at < bits; at++) {
            result = logic.choose(logic.bit(value, at), logic.number(bits - 1 - at, bits), result);
        }
        return result;
    }

    private void andNot() {
        BitVecExpr result = logic.and(logic.inverse(operands.read(1)), operands.read(2, operands.bits(0)));
        ofBmi(result, logic.truth(false));
        operands.write(0, result);
    }

    private void lowestBit() {
        BitVecExpr source = operands.read(1);
        int bits = source.getSortSize();
        BitVecExpr below = logic.minus(source, logic.number(1, bits));
        BoolExpr zero = logic.isZero(source);
        BitVecExpr result = switch (mnemonic) {
            case "blsi" -> logic.and(logic.minus(logic.number(0, bits), source), source);
            case "blsr" -> logic.and(below, source);
            default -> logic.xor(below, source);
        };
        ofBmi(result, mnemonic.equals("blsi") ? logic.not(zero) : zero);
        if (mnemonic.equals("blsmsk")) {
            flags.set(Flag.Z, false);
        }
        operands.write(0, result);
    }

    private void clearFrom() {
        BitVecExpr source = operands.read(1);
        int bits = source.getSortSize();
        BitVecExpr from = logic.zeroExtended(logic.low(operands.read(2), 8), bits);
        BitVecExpr one = logic.number(1, bits);
        BoolExpr within = logic.less(from, logic.number(bits, bits));
        BitVecExpr mask = logic.minus(logic.left(one, from), one);
        BitVecExpr result = logic.choose(within, logic.and(source, mask), source);
        ofBmi(result, logic.not(within));
        operands.write(0, result);
    }

    private void extract() {
        BitVecExpr source = operands.read(1);
        int bits = source.getSortSize();
        BitVecExpr control = operands.read(2);
        BitVecExpr start = logic.zeroExtended(logic.part(control, 0, 8), bits);
        BitVecExpr length = logic.zeroExtended(logic.part(control, 8, 8), bits);
        BitVecExpr one = logic.number(1, bits);
        BitVecExpr mask = logic.minus(logic.left(one, length), one);
        BitVecExpr result = logic.and(logic.right(source, start), mask);
        flags.set(Flag.C, false);
        flags.set(Flag.O, false);
        flags.set(Flag.Z, logic.isZero(result));
        flags.undefined(Flag.A, Flag.S, Flag.P);
        operands.write(0, result);
    }

    private void ofBmi(BitVecExpr result, BoolExpr carry) {
        flags.ofResult(result);
        flags.set(Flag.O, false);
        flags.set(Flag.C, carry);
        flags.undefined(Flag.A, Flag.P);
    }
}
