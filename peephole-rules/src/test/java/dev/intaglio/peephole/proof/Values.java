package dev.intaglio.peephole.proof;

import com.microsoft.z3.BitVecExpr;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.ExpressionType;

/** What the emitter computes from values of emission, as Java does (JLS 15.15 to 15.22); in 64 bits, an int with its sign. */
final class Values {
    private final Logic logic;

    private Values(Logic logic) {
        this.logic = logic;
    }

    static BitVecExpr of(Expression expression, Logic logic) {
        return new Values(logic).value(expression);
    }

    private BitVecExpr value(Expression expression) {
        if (expression.isConstant()) {
            return logic.number(expression.constant().getAsLong(), 64);
        }
        if (expression instanceof Expression.Variable variable) {
            String name = "value " + variable.name();
            return switch (variable.type()) {
                case INT -> logic.signExtended(logic.symbol(name, 32), 64);
                case LONG -> logic.symbol(name, 64);
                default -> throw new Unmodelled("expression " + expression);
            };
        }
        if (expression instanceof Expression.Sum sum) {
            return logic.plus(value(sum.left()), value(sum.right()));
        }
        if (expression instanceof Expression.Product product) {
            return logic.times(value(product.term()), logic.number(product.factor(), 64));
        }
        if (expression instanceof Expression.Cast cast) {
            return cast(cast);
        }
        if (expression instanceof Expression.Unary unary) {
            BitVecExpr operand = value(unary.operand());
            BitVecExpr result = switch (unary.operator()) {
                case "-" -> logic.minus(logic.number(0, 64), operand);
                case "~" -> logic.inverse(operand);
                case "+" -> operand;
                default -> throw new Unmodelled("expression " + expression);
            };
            return typed(result, unary.type());
        }
        if (expression instanceof Expression.Binary binary) {
            return typed(binary(binary), binary.type());
        }
        throw new Unmodelled("expression " + expression);
    }

    private BitVecExpr binary(Expression.Binary binary) {
        BitVecExpr left = value(binary.left());
        BitVecExpr right = value(binary.right());
        boolean narrow = binary.type() == ExpressionType.INT;
        BitVecExpr count = logic.and(right, logic.number(narrow ? 31 : 63, 64));
        return switch (binary.operator()) {
            case "+" -> logic.plus(left, right);
            case "-" -> logic.minus(left, right);
            case "*" -> logic.times(left, right);
            case "&" -> logic.and(left, right);
            case "|" -> logic.or(left, right);
            case "^" -> logic.xor(left, right);
            case "<<" -> logic.left(left, count);
            case ">>" -> logic.rightSigned(left, count);
            case ">>>" -> logic.right(narrow ? logic.zeroExtended(logic.low(left, 32), 64) : left, count);
            default -> throw new Unmodelled("expression " + binary);
        };
    }

    private BitVecExpr cast(Expression.Cast cast) {
        BitVecExpr value = value(cast.operand());
        return switch (cast.target()) {
            case "byte" -> logic.signExtended(logic.low(value, 8), 64);
            case "short" -> logic.signExtended(logic.low(value, 16), 64);
            case "char" -> logic.zeroExtended(logic.low(value, 16), 64);
            case "int" -> logic.signExtended(logic.low(value, 32), 64);
            case "long" -> value;
            default -> throw new Unmodelled("expression " + cast);
        };
    }

    private BitVecExpr typed(BitVecExpr value, ExpressionType type) {
        return switch (type) {
            case INT -> logic.signExtended(logic.low(value, 32), 64);
            case LONG -> value;
            default -> throw new Unmodelled("a value of type " + type);
        };
    }
}
