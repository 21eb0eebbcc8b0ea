package dev.intaglio.stencils.model;

import static dev.intaglio.stencils.model.Machine.RAX;
import static dev.intaglio.stencils.model.Machine.RSP;

import dev.intaglio.runtime.Label;
import dev.intaglio.stencils.Floats;

/** {@link Floats} in plain Java. */
record FloatsModel(Machine m) implements Floats {
    @Override
    public void move(int to, int from) {
        m.setBits(to, m.bits(from));
    }

    @Override
    public void reload(int to, int spill) {
        m.setBits(to, m.load(m.get(RSP) + spill));
    }

    @Override
    public void spill(int spill, int from) {
        m.store(m.get(RSP) + spill, m.bits(from));
    }

    @Override
    public void constant(int to, long bits) {
        m.setBits(to, bits);
        m.scratch(RAX);
    }

    @Override
    public void unbox(int to) {
        m.setBits(to, m.load(m.get(RAX) + FLOAT_VALUE));
    }

    @Override
    public void drop(long dropFloat) {
        new References(m).drop(m.get(RAX), dropFloat);
    }

    @Override
    public void box(int from, long boxFloat) {
        m.set(RAX, m.bits(from));
        m.call(boxFloat);
    }

    @Override
    public void boxSpilled(int spill, long box) {
        m.set(RAX, m.load(m.get(RSP) + spill));
        m.call(box);
    }

    @Override
    public void apply(int operator, int to, int from) {
        double a = m.number(to);
        double b = m.number(from);
        m.setNumber(
                to,
                switch (operator) {
                    case '+' -> a + b;
                    case '-' -> a - b;
                    case '*' -> a * b;
                    case '/' -> a / b;
                    default -> throw new IllegalArgumentException("operator " + (char) operator);
                });
    }

    @Override
    public void unlessZero(int divisor, Label zero) {
        m.scratchFloats(0);
        if (m.number(divisor) == 0) {
            throw m.leave(zero);
        }
    }

    @Override
    public void unlessPositive(int base, Label special) {
        m.scratchFloats(0);
        if (!(m.number(base) > 0)) {
            throw m.leave(special);
        }
    }

    @Override
    public void unlessFinite(Label special) {
        m.scratch(RAX);
        if (!Double.isFinite(m.number(0))) {
            throw m.leave(special);
        }
    }

    @Override
    public void callMath(long function) {
        m.call(function);
    }

    @Override
    public void negate(int to) {
        m.setBits(to, m.bits(to) ^ Long.MIN_VALUE);
        m.scratch(RAX);
        m.scratchFloats(0);
    }

    @Override
    public void ofInt(int to, int from) {
        m.setNumber(to, m.get(from));
    }

    @Override
    public void compare(int comparison, int left, int right, boolean ifTrue, Label target) {
        double a = m.number(left);
        double b = m.number(right);
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
}
