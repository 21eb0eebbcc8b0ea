package dev.intaglio.cpython.jit;

import dev.intaglio.cpython.jit.FastContext.Kind;
import dev.intaglio.runtime.Label;

/** Floats and ints unboxed: operators, signs, comparisons. Answers false where the C API has to do it. */
final class FastArithmetic {
    private final FastContext context;

    FastArithmetic(FastContext context) {
        this.context = context;
    }

    /** The operator of BINARY_OP on the two top values, of these kinds. */
    boolean binary(Kind left, Kind right) {
        String operator = Api.operator(context.instruction.argument());
        if (left == Kind.OTHER || right == Kind.OTHER) {
            return false;
        }
        if (left == Kind.INT && right == Kind.INT) {
            return ints(operator);
        }
        return switch (operator) {
            case "Add" -> floats('+', left, right);
            case "Subtract" -> floats('-', left, right);
            case "Multiply" -> floats('*', left, right);
            case "TrueDivide" -> floats('/', left, right);
            case "Power" -> left == Kind.FLOAT && right == Kind.FLOAT && power();
            default -> false;
        };
    }

    private boolean floats(char operator, Kind left, Kind right) {
        int b = context.depth() - 1;
        int a = b - 1;
        int from = context.floatOf(a, left);
        int with = context.floatOf(b, right);
        if (operator == '/' && !isNonZero(b)) {
            context.stencils.floats.unlessZero(with, context.exit(Reason.DIVISOR));
        }
        int to;
        if (left == Kind.FLOAT && context.value(a) instanceof Value.FloatIn) {
            to = from;
        } else {
            to = context.registers.takeFloat();
            context.stencils.floats.move(to, from);
        }
        context.stencils.floats.apply(operator, to, with);
        context.pop();
        context.pop();
        context.pushFloat(to);
        return true;
    }

    private boolean isNonZero(int index) {
        return context.value(index) instanceof Value.Constant constant
                && (context.type(index) == context.api.floatType
                        ? Native.real(constant.object() + dev.intaglio.stencils.Layout.FLOAT_VALUE) != 0
                        : FastContext.small(constant.object()) != 0);
    }

    /** {@code pow} of libm, as CPython calls it; its special cases are left to CPython. */
    private boolean power() {
        int b = context.depth() - 1;
        int a = b - 1;
        int base = context.floatOf(a, Kind.FLOAT);
        context.floatOf(b, Kind.FLOAT);
        context.stencils.floats.unlessPositive(base, context.exit(Reason.DOMAIN));
        context.spillAll();
        int exponent = context.floatOf(b, Kind.FLOAT);
        context.stencils.floats.move(1, exponent);
        base = context.floatOf(a, Kind.FLOAT);
        context.stencils.floats.move(0, base);
        context.spillAll();
        context.stencils.floats.callMath(context.api.of("pow"));
        context.stencils.floats.unlessFinite(context.exit(Reason.DOMAIN));
        context.pop();
        context.pop();
        int to = context.registers.takeFloat();
        context.stencils.floats.move(to, 0);
        context.pushFloat(to);
        return true;
    }

    private boolean ints(String operator) {
        int b = context.depth() - 1;
        int a = b - 1;
        switch (operator) {
            case "Add":
                return simple('+', a, b);
            case "Subtract":
                return simple('-', a, b);
            case "Multiply":
                return simple('*', a, b);
            case "And":
                return simple('&', a, b);
            case "Or":
                return simple('|', a, b);
            case "Xor":
                return simple('^', a, b);
            case "FloorDivide":
                return divide(false, a, b);
            case "Remainder":
                return divide(true, a, b);
            case "TrueDivide":
                return trueDivide(a, b);
            case "Rshift":
                if (context.isImmediate(b) && context.immediate(b) >= 0 && context.immediate(b) < 64) {
                    int left = context.intOf(a);
                    int to = context.registers.takeInt();
                    context.stencils.ints.shiftRight(to, left, (int) context.immediate(b));
                    replace(to);
                    return true;
                }
                return false;
            default:
                return false;
        }
    }

    private boolean simple(char operator, int a, int b) {
        int left = context.intOf(a);
        if (context.isImmediate(b)) {
            int to = context.registers.takeInt();
            context.stencils.ints.applyConstant(
                    operator, to, left, context.immediate(b), context.exit(Reason.OVERFLOW));
            replace(to);
        } else {
            int right = context.intOf(b);
            int to = context.registers.takeInt();
            context.stencils.ints.apply(operator, to, left, right, context.exit(Reason.OVERFLOW));
            replace(to);
        }
        return true;
    }

    private boolean divide(boolean remainder, int a, int b) {
        int left = context.intOf(a);
        long divisor = context.isImmediate(b) ? context.immediate(b) : 0;
        if (divisor > 0 && Long.bitCount(divisor) == 1) {
            int to = context.registers.takeInt();
            if (remainder) {
                context.stencils.ints.applyConstant('&', to, left, divisor - 1, context.exit(Reason.OVERFLOW));
            } else {
                context.stencils.ints.shiftRight(to, left, Long.numberOfTrailingZeros(divisor));
            }
            replace(to);
            return true;
        }
        int right = context.intOf(b);
        int to = context.registers.takeInt();
        context.stencils.ints.divide(remainder, to, left, right, context.exit(Reason.DIVISOR));
        replace(to);
        return true;
    }

    private boolean trueDivide(int a, int b) {
        int left = context.intOf(a);
        int right = context.intOf(b);
        Label exit = context.exit(Reason.INEXACT);
        context.stencils.ints.exact(left, exit);
        context.stencils.ints.exact(right, exit);
        int to = context.registers.takeFloat();
        int by = context.registers.takeFloat();
        context.stencils.floats.ofInt(to, left);
        context.stencils.floats.ofInt(by, right);
        context.stencils.floats.unlessZero(by, context.exit(Reason.DIVISOR));
        context.stencils.floats.apply('/', to, by);
        context.pop();
        context.pop();
        context.pushFloat(to);
        return true;
    }

    private void replace(int to) {
        context.pop();
        context.pop();
        context.pushInt(to);
    }

    /** The top with its sign changed. */
    boolean negate() {
        int top = context.depth() - 1;
        Kind kind = context.kind(top, Profile.Note.LEFT);
        if (kind == Kind.FLOAT) {
            int from = context.floatOf(top, kind);
            int to = context.registers.takeFloat();
            context.stencils.floats.move(to, from);
            context.stencils.floats.negate(to);
            context.pop();
            context.pushFloat(to);
            return true;
        }
        if (kind == Kind.INT) {
            int from = context.intOf(top);
            int to = context.registers.takeInt();
            context.stencils.ints.negate(to, from, context.exit(Reason.OVERFLOW));
            context.pop();
            context.pushInt(to);
            return true;
        }
        return false;
    }

    /** Whether unboxed values compare as Python's do: an int known now must not be rounded for a float. */
    boolean comparesExactly(Kind left, Kind right) {
        int top = context.depth() - 1;
        return left == right || isExact(top - 1) && isExact(top);
    }

    private boolean isExact(int index) {
        if (!(context.value(index) instanceof Value.Constant constant) || !context.isSmall(constant.object())) {
            return true;
        }
        long value = FastContext.small(constant.object());
        return (long) (double) value == value;
    }

    /** Brings the operands of a comparison into registers; what may leave has left before the caller spills. */
    void prepare(Kind left, Kind right) {
        int b = context.depth() - 1;
        int a = b - 1;
        if (left == Kind.INT && right == Kind.INT) {
            context.intOf(a);
            if (!context.isImmediate(b)) {
                context.intOf(b);
            }
            return;
        }
        exact(a, left);
        exact(b, right);
    }

    private void exact(int index, Kind kind) {
        if (kind == Kind.INT && !(context.value(index) instanceof Value.Constant)) {
            context.stencils.ints.exact(context.intOf(index), context.exit(Reason.INEXACT));
        } else if (kind == Kind.FLOAT) {
            context.floatOf(index, kind);
        }
    }

    /** Compares the two top values, which stay, and jumps. */
    void compare(Kind left, Kind right, boolean ifTrue, Label target) {
        int b = context.depth() - 1;
        int a = b - 1;
        int comparison = context.instruction.argument();
        if (left == Kind.INT && right == Kind.INT) {
            int one = context.intOf(a);
            if (context.isImmediate(b)) {
                context.stencils.ints.compareConstant(comparison, one, context.immediate(b), ifTrue, target);
            } else {
                context.stencils.ints.compare(comparison, one, context.intOf(b), ifTrue, target);
            }
        } else {
            int one = context.floatOf(a, left);
            context.stencils.floats.compare(comparison, one, context.floatOf(b, right), ifTrue, target);
        }
    }
}
