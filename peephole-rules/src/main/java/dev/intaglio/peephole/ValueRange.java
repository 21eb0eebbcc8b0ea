package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.ExpressionType;

/** Between which bounds an expression's value surely lies when code is emitted, as a 64-bit number. */
record ValueRange(long least, long most) {
    private static final ValueRange LONG = new ValueRange(Long.MIN_VALUE, Long.MAX_VALUE);
    private static final ValueRange INT = new ValueRange(Integer.MIN_VALUE, Integer.MAX_VALUE);

    static ValueRange of(Expression expression) {
        if (expression.isConstant()) {
            long value = expression.constant().getAsLong();
            return new ValueRange(value, value);
        }
        if (expression instanceof Expression.Sum sum) {
            return sum(of(sum.left()), of(sum.right()));
        }
        if (expression instanceof Expression.Product product) {
            return product(of(product.term()), product.factor());
        }
        if (expression instanceof Expression.Conditional choice) {
            ValueRange then = of(choice.then());
            ValueRange otherwise = of(choice.otherwise());
            return new ValueRange(Math.min(then.least, otherwise.least), Math.max(then.most, otherwise.most));
        }
        if (expression instanceof Expression.Cast cast) {
            ValueRange target = target(cast.target());
            ValueRange operand = of(cast.operand());
            return operand.within(target) ? operand : target;
        }
        if (expression instanceof Expression.Binary binary) {
            return binary(binary);
        }
        return expression.type() == ExpressionType.INT ? INT : LONG;
    }

    boolean within(ValueRange other) {
        return least >= other.least && most <= other.most;
    }

    /** Whether the value fits a field that is extended by its sign. */
    boolean fitsInt() {
        return within(INT);
    }

    /** Whether the value fits such a field at some emissions. */
    boolean mayFitInt() {
        return least <= Integer.MAX_VALUE && most >= Integer.MIN_VALUE;
    }

    /** Whether 32 bits hold it, with or without a sign. */
    boolean fits32Bits() {
        return least >= Integer.MIN_VALUE && most <= 0xffff_ffffL;
    }

    private static ValueRange target(String type) {
        return switch (type) {
            case "byte" -> new ValueRange(Byte.MIN_VALUE, Byte.MAX_VALUE);
            case "short" -> new ValueRange(Short.MIN_VALUE, Short.MAX_VALUE);
            case "char" -> new ValueRange(0, Character.MAX_VALUE);
            case "int" -> INT;
            default -> LONG;
        };
    }

    private static ValueRange binary(Expression.Binary binary) {
        boolean masks = binary.operator().equals("&") && binary.right().isConstant();
        if (masks && binary.right().constant().getAsLong() >= 0) {
            return new ValueRange(0, binary.right().constant().getAsLong());
        }
        return binary.type() == ExpressionType.INT ? INT : LONG;
    }

    private static ValueRange sum(ValueRange left, ValueRange right) {
        try {
            return new ValueRange(Math.addExact(left.least, right.least), Math.addExact(left.most, right.most));
        } catch (ArithmeticException overflow) {
            return LONG;
        }
    }

    private static ValueRange product(ValueRange term, long factor) {
        try {
            long first = Math.multiplyExact(term.least, factor);
            long second = Math.multiplyExact(term.most, factor);
            return new ValueRange(Math.min(first, second), Math.max(first, second));
        } catch (ArithmeticException overflow) {
            return LONG;
        }
    }
}
