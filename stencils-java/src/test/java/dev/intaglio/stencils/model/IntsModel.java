package dev.intaglio.stencils.model;

import static dev.intaglio.stencils.model.Machine.RAX;
import static dev.intaglio.stencils.model.Machine.RCX;
import static dev.intaglio.stencils.model.Machine.RDX;
import static dev.intaglio.stencils.model.Machine.RSP;

import dev.intaglio.runtime.Label;
import dev.intaglio.stencils.Ints;
import java.math.BigInteger;

/** {@link Ints} in plain Java; arithmetic is that of BigInteger. */
record IntsModel(Machine m) implements Ints {
    @Override
    public void reload(int to, int spill) {
        m.set(to, m.load(m.get(RSP) + spill));
    }

    @Override
    public void spill(int spill, int from) {
        m.store(m.get(RSP) + spill, m.get(from));
    }

    @Override
    public void unbox(int to, Label large) {
        long object = m.get(RAX);
        long size = m.load(object + VAR_SIZE);
        m.scratch(RCX, RDX);
        if (Math.abs(size) > 2) {
            m.scratch(to); // nobody needs it at an exit
            throw m.leave(large);
        }
        long value = 0;
        for (int i = 0; i < Math.abs(size); i++) {
            value += (long) m.load4(object + LONG_DIGIT + 4 * i) << LONG_DIGIT_BITS * i;
        }
        m.set(to, size < 0 ? -value : value);
    }

    @Override
    public void drop(long dealloc) {
        new References(m).drop(m.get(RAX), dealloc);
    }

    @Override
    public void box(int from, long boxInt) {
        m.set(RAX, m.get(from));
        m.call(boxInt);
    }

    @Override
    public void apply(int operator, int to, int left, int right, Label overflow) {
        apply(operator, to, m.get(left), m.get(right), overflow);
    }

    @Override
    public void applyConstant(int operator, int to, int left, long right, Label overflow) {
        apply(operator, to, m.get(left), right, overflow);
    }

    private void apply(int operator, int to, long left, long right, Label overflow) {
        BigInteger a = BigInteger.valueOf(left);
        BigInteger b = BigInteger.valueOf(right);
        BigInteger result = switch (operator) {
            case '+' -> a.add(b);
            case '-' -> a.subtract(b);
            case '*' -> a.multiply(b);
            case '&' -> a.and(b);
            case '|' -> a.or(b);
            case '^' -> a.xor(b);
            default -> throw new IllegalArgumentException("operator " + (char) operator);
        };
        if (result.bitLength() >= Long.SIZE) {
            m.scratch(to);
            throw m.leave(overflow);
        }
        m.set(to, result.longValue());
    }

    @Override
    public void shiftRight(int to, int left, int count) {
        m.set(to, BigInteger.valueOf(m.get(left)).shiftRight(count).longValue());
    }

    @Override
    public void divide(boolean remainder, int to, int left, int right, Label special) {
        long a = m.get(left);
        long b = m.get(right);
        m.scratch(RAX, RCX, RDX);
        if (b == 0 || b == -1) {
            throw m.leave(special);
        }
        m.set(to, remainder ? Math.floorMod(a, b) : Math.floorDiv(a, b));
    }

    @Override
    public void negate(int to, int from, Label overflow) {
        apply('-', to, 0, m.get(from), overflow);
    }

    @Override
    public void exact(int value, Label inexact) {
        m.scratch(RAX);
        BigInteger limit = BigInteger.ONE.shiftLeft(53);
        BigInteger number = BigInteger.valueOf(m.get(value));
        if (number.compareTo(limit.negate()) < 0 || number.compareTo(limit) >= 0) {
            throw m.leave(inexact);
        }
    }

    @Override
    public void compare(int comparison, int left, int right, boolean ifTrue, Label target) {
        compare(comparison, m.get(left), m.get(right), ifTrue, target);
    }

    @Override
    public void compareConstant(int comparison, int left, long right, boolean ifTrue, Label target) {
        compare(comparison, m.get(left), right, ifTrue, target);
    }

    private void compare(int comparison, long a, long b, boolean ifTrue, Label target) {
        boolean holds = switch (comparison) {
            case 0 -> a < b;
            case 1 -> a <= b;
            case 2 -> a == b;
            case 3 -> a != b;
            case 4 -> a > b;
            case 5 -> a >= b;
            default -> throw new IllegalArgumentException("comparison " + comparison);
        };
        if (holds == ifTrue) {
            throw m.leave(target);
        }
    }

    @Override
    public void jumpOnTruth(int value, boolean ifTrue, Label target) {
        if ((m.get(value) != 0) == ifTrue) {
            throw m.leave(target);
        }
    }
}
