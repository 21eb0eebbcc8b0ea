package dev.intaglio.peephole.proof;

import com.microsoft.z3.ArrayExpr;
import com.microsoft.z3.BitVecExpr;
import com.microsoft.z3.BitVecSort;
import com.microsoft.z3.BoolExpr;
import com.microsoft.z3.BoolSort;
import com.microsoft.z3.Context;
import com.microsoft.z3.Expr;
import java.util.List;

/** Formulas over bits and over memory, as Z3 takes them. Widths are in bits; bit 0 is the lowest. */
public final class Logic implements AutoCloseable {
    private final Context z3 = new Context();

    public Context z3() {
        return z3;
    }

    /** The low bits of a number; above 64 of them there are zeros. */
    public BitVecExpr number(long value, int bits) {
        return z3.mkBV(Long.toUnsignedString(bits >= 64 ? value : value & (1L << bits) - 1), bits);
    }

    public BitVecExpr symbol(String name, int bits) {
        return z3.mkBVConst(name, bits);
    }

    public BoolExpr fact(String name) {
        return z3.mkBoolConst(name);
    }

    public BoolExpr truth(boolean value) {
        return z3.mkBool(value);
    }

    public ArrayExpr<BitVecSort, BitVecSort> bytes(String name) {
        return z3.mkArrayConst(name, z3.mkBitVecSort(64), z3.mkBitVecSort(8));
    }

    public ArrayExpr<BitVecSort, BoolSort> places(String name) {
        return z3.mkArrayConst(name, z3.mkBitVecSort(64), z3.mkBoolSort());
    }

    public BitVecExpr low(BitVecExpr value, int bits) {
        return value.getSortSize() == bits ? value : z3.mkExtract(bits - 1, 0, value);
    }

    public BitVecExpr part(BitVecExpr value, int from, int bits) {
        return z3.mkExtract(from + bits - 1, from, value);
    }

    public BitVecExpr zeroExtended(BitVecExpr value, int bits) {
        return z3.mkZeroExt(bits - value.getSortSize(), value);
    }

    public BitVecExpr signExtended(BitVecExpr value, int bits) {
        return z3.mkSignExt(bits - value.getSortSize(), value);
    }

    /** The value with its low bits replaced. */
    public BitVecExpr inserted(BitVecExpr whole, BitVecExpr low) {
        int from = low.getSortSize();
        int bits = whole.getSortSize();
        return from == bits ? low : z3.mkConcat(part(whole, from, bits - from), low);
    }

    public BoolExpr bit(BitVecExpr value, int at) {
        return z3.mkEq(part(value, at, 1), number(1, 1));
    }

    public BoolExpr sign(BitVecExpr value) {
        return bit(value, value.getSortSize() - 1);
    }

    public BitVecExpr bit(BoolExpr value, int bits) {
        return choose(value, number(1, bits), number(0, bits));
    }

    public BoolExpr same(Expr<?> left, Expr<?> right) {
        return z3.mkEq(left, right);
    }

    public BoolExpr isZero(BitVecExpr value) {
        return same(value, number(0, value.getSortSize()));
    }

    public BoolExpr is(BitVecExpr value, long number) {
        return same(value, number(number, value.getSortSize()));
    }

    public BoolExpr not(BoolExpr value) {
        return z3.mkNot(value);
    }

    public BoolExpr all(BoolExpr... values) {
        return z3.mkAnd(values);
    }

    public BoolExpr all(List<BoolExpr> values) {
        return z3.mkAnd(values.toArray(new BoolExpr[0]));
    }

    public BoolExpr any(BoolExpr... values) {
        return z3.mkOr(values);
    }

    public BoolExpr any(List<BoolExpr> values) {
        return z3.mkOr(values.toArray(new BoolExpr[0]));
    }

    public BoolExpr differ(BoolExpr left, BoolExpr right) {
        return z3.mkXor(left, right);
    }

    public BitVecExpr choose(BoolExpr condition, BitVecExpr yes, BitVecExpr no) {
        return (BitVecExpr) z3.mkITE(condition, yes, no);
    }

    public BoolExpr choose(BoolExpr condition, BoolExpr yes, BoolExpr no) {
        return (BoolExpr) z3.mkITE(condition, yes, no);
    }

    public ArrayExpr<BitVecSort, BitVecSort> choose(
            BoolExpr condition, ArrayExpr<BitVecSort, BitVecSort> yes, ArrayExpr<BitVecSort, BitVecSort> no) {
        return (ArrayExpr<BitVecSort, BitVecSort>) z3.mkITE(condition, yes, no);
    }

    public BitVecExpr plus(BitVecExpr left, BitVecExpr right) {
        return z3.mkBVAdd(left, right);
    }

    public BitVecExpr minus(BitVecExpr left, BitVecExpr right) {
        return z3.mkBVSub(left, right);
    }

    public BitVecExpr times(BitVecExpr left, BitVecExpr right) {
        return z3.mkBVMul(left, right);
    }

    public BitVecExpr and(BitVecExpr left, BitVecExpr right) {
        return z3.mkBVAND(left, right);
    }

    public BitVecExpr or(BitVecExpr left, BitVecExpr right) {
        return z3.mkBVOR(left, right);
    }

    public BitVecExpr xor(BitVecExpr left, BitVecExpr right) {
        return z3.mkBVXOR(left, right);
    }

    public BitVecExpr inverse(BitVecExpr value) {
        return z3.mkBVNot(value);
    }

    /** Zero where the count is the width or more. */
    public BitVecExpr left(BitVecExpr value, BitVecExpr count) {
        return z3.mkBVSHL(value, count);
    }

    /** Zero where the count is the width or more. */
    public BitVecExpr right(BitVecExpr value, BitVecExpr count) {
        return z3.mkBVLSHR(value, count);
    }

    /** All signs where the count is the width or more. */
    public BitVecExpr rightSigned(BitVecExpr value, BitVecExpr count) {
        return z3.mkBVASHR(value, count);
    }

    public BoolExpr less(BitVecExpr left, BitVecExpr right) {
        return z3.mkBVULT(left, right);
    }

    /** Whether a number of 64 bits is among these, with its sign. */
    public BoolExpr within(BitVecExpr value, long lowest, long highest) {
        return all(z3.mkBVSGE(value, number(lowest, 64)), z3.mkBVSLE(value, number(highest, 64)));
    }

    public BitVecExpr joined(BitVecExpr high, BitVecExpr low) {
        return z3.mkConcat(high, low);
    }

    @Override
    public void close() {
        z3.close();
    }
}
