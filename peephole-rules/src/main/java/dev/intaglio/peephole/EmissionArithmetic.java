package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.ExpressionType;
import java.util.function.LongBinaryOperator;

/** What the processor would compute in 64 bits from values known at emission, as an expression that the emitter evaluates. */
final class EmissionArithmetic {
    private static final long LOW_32 = 0xffff_ffffL;

    private EmissionArithmetic() {}

    /** Whether all parts of an expression are integers that can be computed with, and evaluating it twice is evaluating it once. */
    static boolean isInteger(Expression expression) {
        if (expression instanceof Expression.Sum sum) {
            return isInteger(sum.left()) && isInteger(sum.right());
        }
        if (expression instanceof Expression.Product product) {
            return isInteger(product.term());
        }
        if (expression instanceof Expression.Binary binary) {
            return isNumber(binary.type()) && isInteger(binary.left()) && isInteger(binary.right());
        }
        if (expression instanceof Expression.Unary unary) {
            return isNumber(unary.type()) && isInteger(unary.operand());
        }
        if (expression instanceof Expression.Cast cast) {
            return isNumber(cast.type()) && isInteger(cast.operand());
        }
        if (expression instanceof Expression.Conditional choice) {
            return choice.condition().isPure() && isInteger(choice.then()) && isInteger(choice.otherwise());
        }
        return !(expression instanceof Expression.Opaque) && isNumber(expression.type());
    }

    private static boolean isNumber(ExpressionType type) {
        return type == ExpressionType.INT || type == ExpressionType.LONG;
    }

    static Expression add(Expression left, Expression right) {
        return Expression.sum(left, right);
    }

    static Expression subtract(Expression left, Expression right) {
        return Expression.sum(left, negate(right));
    }

    static Expression negate(Expression value) {
        return Expression.product(value, -1);
    }

    static Expression and(Expression left, Expression right) {
        return bitwise("&", left, right, (a, b) -> a & b);
    }

    static Expression or(Expression left, Expression right) {
        return bitwise("|", left, right, (a, b) -> a | b);
    }

    static Expression xor(Expression left, Expression right) {
        return bitwise("^", left, right, (a, b) -> a ^ b);
    }

    static Expression not(Expression value) {
        return xor(value, Expression.of(-1));
    }

    static Expression shiftLeft(Expression value, int count) {
        return Expression.product(value, 1L << count);
    }

    static Expression shiftRight(Expression value, int count) {
        return value.isConstant()
                ? Expression.of(value.constant().getAsLong() >>> count)
                : new Expression.Binary(">>>", widened(value), Expression.of(count), ExpressionType.LONG);
    }

    static Expression shiftRightSigned(Expression value, int count) {
        return value.isConstant()
                ? Expression.of(value.constant().getAsLong() >> count)
                : new Expression.Binary(">>", widened(value), Expression.of(count), ExpressionType.LONG);
    }

    /** The low 32 bits, the rest zero. */
    static Expression low32(Expression value) {
        ValueRange range = ValueRange.of(value);
        return range.least() >= 0 && range.most() <= LOW_32 ? value : and(value, constant(LOW_32));
    }

    /** The low bits as a signed number: what a field of 1, 2 or 4 bytes holds. */
    static Expression truncated(Expression value, int bytes) {
        String type = bytes == 1 ? "byte" : bytes == 2 ? "short" : "int";
        if (value.isConstant()) {
            int unused = 64 - 8 * bytes;
            return Expression.of(value.constant().getAsLong() << unused >> unused);
        }
        Expression inner = value instanceof Expression.Binary mask
                        && mask.operator().equals("&")
                        && mask.right().isConstant()
                        && (mask.right().constant().getAsLong() | -1L << 8 * bytes) == -1
                ? mask.left()
                : value;
        ValueRange range = ValueRange.of(inner);
        long limit = 1L << 8 * bytes - 1;
        boolean fits = inner.type() == ExpressionType.INT && range.least() >= -limit && range.most() < limit;
        return fits ? inner : new Expression.Cast(type, inner, ExpressionType.INT);
    }

    /** A bitwise operation on ints, extended by the sign, is the operation on the extended ones. */
    private static Expression bitwise(String operator, Expression left, Expression right, LongBinaryOperator fold) {
        if (left.isConstant() && right.isConstant()) {
            return Expression.of(fold.applyAsLong(
                    left.constant().getAsLong(), right.constant().getAsLong()));
        }
        if (left.isConstant()) {
            return bitwise(operator, right, left, fold);
        }
        boolean ofConstants = left instanceof Expression.Conditional choice
                && choice.then().isConstant()
                && choice.otherwise().isConstant()
                && right.isConstant();
        if (ofConstants) {
            Expression.Conditional choice = (Expression.Conditional) left;
            Expression then = bitwise(operator, choice.then(), right, fold);
            Expression otherwise = bitwise(operator, choice.otherwise(), right, fold);
            boolean isLong = then.type() == ExpressionType.LONG || otherwise.type() == ExpressionType.LONG;
            return new Expression.Conditional(
                    choice.condition(), then, otherwise, isLong ? ExpressionType.LONG : ExpressionType.INT);
        }
        // (x & 0xffffffff) & 65535 is x & 65535; two numbers become one for or and xor as well.
        if (left instanceof Expression.Binary inner
                && inner.operator().equals(operator)
                && inner.right().isConstant()
                && right.isConstant()) {
            Expression both = Expression.of(fold.applyAsLong(
                    inner.right().constant().getAsLong(), right.constant().getAsLong()));
            return bitwise(operator, inner.left(), both, fold);
        }
        boolean narrow = left.type() == ExpressionType.INT && right.type() == ExpressionType.INT;
        return new Expression.Binary(operator, left, right, narrow ? ExpressionType.INT : ExpressionType.LONG);
    }

    private static Expression constant(long value) {
        return new Expression.Constant(value, ExpressionType.LONG);
    }

    private static Expression widened(Expression value) {
        return value.type() == ExpressionType.INT ? new Expression.Cast("long", value, ExpressionType.LONG) : value;
    }
}
