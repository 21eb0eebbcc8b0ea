package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.assembly.ir.Scope;
import java.util.Optional;
import java.util.Set;

/** Gives each node its Java type and folds constants as javac would. */
final class Typer {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> LOGICAL = Set.of("&&", "||");
    private static final Set<String> SHIFTS = Set.of("<<", ">>", ">>>");

    /** A mistake in an expression: the word it is about, so that its place can be found. */
    static final class TypeException extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient String word;
        private final transient Optional<String> help;
        private final boolean unknownName;

        TypeException(String message, String word, Optional<String> help, boolean unknownName) {
            super(message);
            this.word = word;
            this.help = help;
            this.unknownName = unknownName;
        }

        String word() {
            return word;
        }

        Optional<String> help() {
            return help;
        }

        boolean isUnknownName() {
            return unknownName;
        }
    }

    private final Scope scope;

    Typer(Scope scope) {
        this.scope = scope;
    }

    Expression type(Node node) throws TypeException {
        if (node instanceof Node.Literal literal) {
            return new Expression.Constant(literal.value(), literal.type());
        }
        if (node instanceof Node.Parenthesized inner) {
            return type(inner.inner());
        }
        if (node instanceof Node.Name name) {
            return name(name.name());
        }
        if (node instanceof Node.Unary unary) {
            return unary(unary.operator(), type(unary.operand()));
        }
        if (node instanceof Node.Binary binary) {
            return binary(binary.operator(), type(binary.left()), type(binary.right()));
        }
        if (node instanceof Node.Cast cast) {
            return cast(cast.target(), type(cast.operand()));
        }
        if (node instanceof Node.Call call) {
            return call(call);
        }
        Node.Other other = (Node.Other) node;
        checkNames(other.source(), other.names());
        return new Expression.Opaque(
                other.source(), other.isBoolean() ? ExpressionType.BOOLEAN : ExpressionType.UNKNOWN, other.names());
    }

    private Expression name(String name) throws TypeException {
        Scope.Symbol symbol = scope.find(name).orElseThrow(() -> unknown(name));
        if (symbol.value().isPresent()) {
            return new Expression.Constant(symbol.value().getAsLong(), symbol.type());
        }
        return new Expression.Variable(name, symbol.type());
    }

    private Expression call(Node.Call call) throws TypeException {
        if (RegisterFamilies.find(call.name()).isPresent()) {
            throw new TypeException("a register cannot be part of a number", call.name(), Optional.empty(), false);
        }
        ExpressionType result = scope.method(call.name())
                .orElseThrow(() -> new TypeException(
                        "there is no method '" + call.name() + "' here",
                        call.name(),
                        Optional.of("declare it as a default or static method of the interface, or qualify it"),
                        true));
        for (Node argument : call.arguments()) {
            type(argument);
        }
        return new Expression.Opaque(call.source(), result, call.names());
    }

    private void checkNames(String source, Set<String> names) throws TypeException {
        for (String name : names) {
            boolean maybeType = Character.isUpperCase(name.charAt(0));
            if (!maybeType && !source.contains("->") && scope.find(name).isEmpty()) {
                throw unknown(name);
            }
        }
    }

    private TypeException unknown(String name) {
        Optional<String> near = Nearest.to(name, scope.names());
        return new TypeException(
                "'" + name + "' is not known: neither a register nor a parameter or constant of the interface",
                name,
                near.map(candidate -> "did you mean " + candidate + "?"),
                true);
    }

    private static Expression unary(String operator, Expression operand) throws TypeException {
        if (operator.equals("!")) {
            return operand.isConstant()
                    ? truth(operand.isZero())
                    : new Expression.Unary("!", operand, ExpressionType.BOOLEAN);
        }
        requireNumber(operator, operand);
        if (!operand.isConstant() || operand.type() == ExpressionType.DOUBLE) {
            return operand.type() == ExpressionType.DOUBLE && operand.isConstant()
                    ? negatedDouble(operator, operand)
                    : new Expression.Unary(operator, operand, operand.type());
        }
        long value = operand.constant().getAsLong();
        long result = operator.equals("-") ? -value : operator.equals("~") ? ~value : value;
        return constant(result, operand.type());
    }

    private static Expression negatedDouble(String operator, Expression operand) {
        double value = Double.longBitsToDouble(operand.constant().getAsLong());
        return new Expression.Constant(
                Double.doubleToRawLongBits(operator.equals("-") ? -value : value), ExpressionType.DOUBLE);
    }

    static Expression binary(String operator, Expression left, Expression right) throws TypeException {
        boolean bothKnown = left.isConstant()
                && right.isConstant()
                && left.type() != ExpressionType.DOUBLE
                && right.type() != ExpressionType.DOUBLE;
        if (LOGICAL.contains(operator)) {
            if (!bothKnown) {
                return new Expression.Binary(operator, left, right, ExpressionType.BOOLEAN);
            }
            return truth(operator.equals("&&") ? !left.isZero() && !right.isZero() : !left.isZero() || !right.isZero());
        }
        if (COMPARISONS.contains(operator)) {
            return bothKnown
                    ? truth(compare(
                            operator,
                            left.constant().getAsLong(),
                            right.constant().getAsLong()))
                    : new Expression.Binary(operator, left, right, ExpressionType.BOOLEAN);
        }
        if (left.type() == ExpressionType.BOOLEAN && right.type() == ExpressionType.BOOLEAN) {
            return new Expression.Binary(operator, left, right, ExpressionType.BOOLEAN);
        }
        requireNumber(operator, left);
        requireNumber(operator, right);
        ExpressionType type = SHIFTS.contains(operator) ? left.type() : promoted(left.type(), right.type());
        if (!bothKnown) {
            return new Expression.Binary(operator, left, right, type);
        }
        long a = left.constant().getAsLong();
        long b = right.constant().getAsLong();
        if ((operator.equals("/") || operator.equals("%")) && b == 0) {
            throw new TypeException("division by zero", operator, Optional.empty(), false);
        }
        return constant(compute(operator, a, b, type == ExpressionType.INT), type);
    }

    private static long compute(String operator, long a, long b, boolean isInt) {
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            case "%" -> a % b;
            case "&" -> a & b;
            case "|" -> a | b;
            case "^" -> a ^ b;
            case "<<" -> isInt ? (int) a << b : a << b;
            case ">>" -> isInt ? (int) a >> b : a >> b;
            case ">>>" -> isInt ? (int) a >>> b : a >>> b;
            default -> throw new IllegalArgumentException(operator);
        };
    }

    private static boolean compare(String operator, long a, long b) {
        return switch (operator) {
            case "==" -> a == b;
            case "!=" -> a != b;
            case "<" -> a < b;
            case "<=" -> a <= b;
            case ">" -> a > b;
            case ">=" -> a >= b;
            default -> throw new IllegalArgumentException(operator);
        };
    }

    private static Expression cast(String target, Expression operand) throws TypeException {
        requireNumber("(" + target + ")", operand);
        ExpressionType type = switch (target) {
            case "long" -> ExpressionType.LONG;
            case "double" -> ExpressionType.DOUBLE;
            case "float" -> ExpressionType.UNKNOWN;
            case "boolean" -> ExpressionType.BOOLEAN;
            default -> ExpressionType.INT;
        };
        boolean folds = operand.isConstant()
                && operand.type() != ExpressionType.DOUBLE
                && (type == ExpressionType.INT || type == ExpressionType.LONG);
        if (!folds) {
            return new Expression.Cast(target, operand, type);
        }
        long value = operand.constant().getAsLong();
        return constant(
                switch (target) {
                    case "byte" -> (byte) value;
                    case "short" -> (short) value;
                    case "char" -> (char) value;
                    default -> value;
                },
                type);
    }

    private static ExpressionType promoted(ExpressionType left, ExpressionType right) {
        if (left == ExpressionType.DOUBLE || right == ExpressionType.DOUBLE) {
            return ExpressionType.DOUBLE;
        }
        if (left == ExpressionType.UNKNOWN || right == ExpressionType.UNKNOWN) {
            return ExpressionType.UNKNOWN;
        }
        return left == ExpressionType.LONG || right == ExpressionType.LONG ? ExpressionType.LONG : ExpressionType.INT;
    }

    private static void requireNumber(String operator, Expression operand) throws TypeException {
        if (!operand.type().isNumeric()) {
            throw new TypeException(
                    "'" + operator + "' takes numbers, and '" + operand + "' is a "
                            + operand.type().name().toLowerCase(java.util.Locale.ROOT),
                    operand.toString(),
                    Optional.empty(),
                    false);
        }
    }

    private static Expression constant(long value, ExpressionType type) {
        return new Expression.Constant(type == ExpressionType.INT ? (int) value : value, type);
    }

    private static Expression truth(boolean value) {
        return new Expression.Constant(value ? 1 : 0, ExpressionType.BOOLEAN);
    }
}
