package dev.intaglio.peephole.proof;

import com.microsoft.z3.BitVecExpr;
import com.microsoft.z3.BoolExpr;
import dev.intaglio.assembly.machine.Condition;
import dev.intaglio.assembly.machine.Flag;

/** How flags follow from results (SDM Vol. 1, 3.4.3.1, and each instruction's page). */
final class Flags {
    private final State state;
    private final Side side;
    private final Logic logic;

    Flags(State state, Side side) {
        this.state = state;
        this.side = side;
        logic = side.logic();
    }

    void set(Flag flag, BoolExpr value) {
        state.flag(flag, value);
    }

    void set(Flag flag, boolean value) {
        state.flag(flag, logic.truth(value));
    }

    void undefined(Flag... flags) {
        for (Flag flag : flags) {
            set(flag, side.undefined());
        }
    }

    /** A flag changes only where the condition holds. */
    void setWhere(BoolExpr condition, Flag flag, BoolExpr value) {
        set(flag, logic.choose(condition, value, state.flag(flag)));
    }

    BoolExpr evenParity(BitVecExpr value) {
        BoolExpr odd = logic.bit(value, 0);
        for (int at = 1; at < 8; at++) {
            odd = logic.differ(odd, logic.bit(value, at));
        }
        return logic.not(odd);
    }

    void ofResult(BitVecExpr result) {
        set(Flag.S, logic.sign(result));
        set(Flag.Z, logic.isZero(result));
        set(Flag.P, evenParity(result));
    }

    /** and, or, xor and test. */
    void ofLogic(BitVecExpr result) {
        ofResult(result);
        set(Flag.C, false);
        set(Flag.O, false);
        undefined(Flag.A);
    }

    /** left + right + carry. */
    BitVecExpr sum(BitVecExpr left, BitVecExpr right, BoolExpr carry) {
        int bits = left.getSortSize();
        BitVecExpr wide = logic.plus(
                logic.plus(logic.zeroExtended(left, bits + 1), logic.zeroExtended(right, bits + 1)),
                logic.bit(carry, bits + 1));
        BitVecExpr result = logic.low(wide, bits);
        ofResult(result);
        set(Flag.C, logic.bit(wide, bits));
        set(Flag.O, logic.sign(logic.and(logic.xor(left, result), logic.xor(right, result))));
        set(Flag.A, logic.bit(logic.xor(logic.xor(left, right), result), 4));
        return result;
    }

    /** left - right - borrow. */
    BitVecExpr difference(BitVecExpr left, BitVecExpr right, BoolExpr borrow) {
        int bits = left.getSortSize();
        BitVecExpr wide = logic.minus(
                logic.minus(logic.zeroExtended(left, bits + 1), logic.zeroExtended(right, bits + 1)),
                logic.bit(borrow, bits + 1));
        BitVecExpr result = logic.low(wide, bits);
        ofResult(result);
        set(Flag.C, logic.bit(wide, bits));
        set(Flag.O, logic.sign(logic.and(logic.xor(left, right), logic.xor(left, result))));
        set(Flag.A, logic.bit(logic.xor(logic.xor(left, right), result), 4));
        return result;
    }

    /** Whether a condition holds (SDM Vol. 1, Appendix B). */
    static BoolExpr holds(Condition condition, State state, Logic logic) {
        BoolExpr carry = state.flag(Flag.C);
        BoolExpr zero = state.flag(Flag.Z);
        BoolExpr less = logic.differ(state.flag(Flag.S), state.flag(Flag.O));
        return switch (condition) {
            case O -> state.flag(Flag.O);
            case B -> carry;
            case E -> zero;
            case BE -> logic.any(carry, zero);
            case S -> state.flag(Flag.S);
            case P -> state.flag(Flag.P);
            case L -> less;
            case LE -> logic.any(zero, less);
            case NO, AE, NE, A, NS, NP, GE, G -> logic.not(holds(condition.negated(), state, logic));
        };
    }
}
