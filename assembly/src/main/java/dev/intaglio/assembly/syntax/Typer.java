package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.assembly.ir.Scope;
import dev.intaglio.assembly.machine.Register;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Gives each node its Java type and folds constants as javac would. */
final class Typer {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> LOGICAL = Set.of("&&", "||");
    private static final Set<String> BITWISE = Set.of("&", "|", "^");
    private static final Set<String> SHIFTS = Set.of("<<", ">>", ">>>");

    /** A mistake in an expression: the word it is about and its offset, -1 where only the word is known. */
    static final class TypeException extends Exception {
        private static final long serialVersionUID = 1L;
        private final DiagnosticCode code;
        private final String word;
        private final int at;
        private final transient Optional<String> help;

        TypeException(DiagnosticCode code, String message, String word, int at, Optional<String> help) {
            super(message);
            this.code = code;
            this.word = word;
            this.at = at;
            this.help = help;
        }

        TypeException(String message, String word) {
            this(DiagnosticCode.BAD_EXPRESSION, message, word, -1, Optional.empty());
        }

        DiagnosticCode code() {
            return code;
        }

        String word() {
            return word;
        }

        int at() {
            return at;
        }

        Optional<String> help() {
            return help;
        }
    }

    private final Scope scope;
    private final boolean numbersAreTruths;

    /**
     * @param numbersAreTruths whether {@code &&}, {@code ||} and {@code !} take numbers too, 0 for false: the options of
     *     the processor have no Java type
     */
    Typer(Scope scope, boolean numbersAreTruths) {
        this.scope = scope;
        this.numbersAreTruths = numbersAreTruths;
    }

    Expression type(Node node) throws TypeException {
        if (node instanceof Node.Literal literal) {
            return new Expression.Constant(literal.value(), literal.type());
        }
        if (node instanceof Node.Parenthesized inner) {
            return type(inner.inner());
        }
        if (node instanceof Node.Name name) {
            return name(name);
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
        if (node instanceof Node.Conditional conditional) {
            return conditional(conditional);
        }
        Node.Other other = (Node.Other) node;
        for (Node.Name variable : other.variables()) {
            name(variable);
        }
        return new Expression.Opaque(other.source(), result(other.result()), other.names());
    }

    private Expression conditional(Node.Conditional conditional) throws TypeException {
        Optional<Expression> condition = condition(conditional.condition());
        Expression then = type(conditional.then());
        Expression otherwise = type(conditional.otherwise());
        if (condition.isEmpty() || !isInteger(then) || !isInteger(otherwise)) {
            return type(conditional.whole());
        }
        boolean isLong = then.type() == ExpressionType.LONG || otherwise.type() == ExpressionType.LONG;
        return new Expression.Conditional(
                condition.get(), then, otherwise, isLong ? ExpressionType.LONG : ExpressionType.INT);
    }

    /** A condition of what the processor knows; what it may compare beside that, javac checks. */
    private Optional<Expression> condition(Node node) {
        try {
            return Optional.of(type(node)).filter(known -> known.type() == ExpressionType.BOOLEAN);
        } catch (TypeException unknown) {
            return Optional.empty();
        }
    }

    private static boolean isInteger(Expression expression) {
        return expression.type() == ExpressionType.INT || expression.type() == ExpressionType.LONG;
    }

    /** The type of what is handed to javac, as far as it matters whether it is a number, and which. */
    private ExpressionType result(Node.Result result) throws TypeException {
        if (result instanceof Node.Result.Truth) {
            return ExpressionType.BOOLEAN;
        }
        if (result instanceof Node.Result.OneOf one) {
            return common(type(one.first()).type(), type(one.second()).type());
        }
        if (result instanceof Node.Result.OfMethod method) {
            String owner = method.name().substring(0, method.name().lastIndexOf('.'));
            boolean isVariable = scope.find(owner).isPresent();
            return isVariable
                    ? ExpressionType.UNKNOWN
                    : scope.method(method.name()).orElse(ExpressionType.UNKNOWN);
        }
        return result instanceof Node.Result.ElementOf element
                ? scope.element(element.array()).orElse(ExpressionType.UNKNOWN)
                : ExpressionType.UNKNOWN;
    }

    /** The type of a conditional; which integer it is, javac knows. */
    private static ExpressionType common(ExpressionType first, ExpressionType second) {
        if (first == second && !first.isNumeric()) {
            return first;
        }
        if (!first.isNumeric() || !second.isNumeric()) {
            boolean either = first == ExpressionType.UNKNOWN || second == ExpressionType.UNKNOWN;
            return either ? ExpressionType.UNKNOWN : ExpressionType.OBJECT;
        }
        return first == ExpressionType.DOUBLE || second == ExpressionType.DOUBLE
                ? ExpressionType.DOUBLE
                : ExpressionType.UNKNOWN;
    }

    private Expression name(Node.Name name) throws TypeException {
        Optional<Scope.Symbol> known = scope.find(name.name());
        boolean isRegister = Register.parse(name.name()).isPresent();
        if (known.isEmpty()) {
            Optional<Expression> member = isRegister ? Optional.empty() : memberOfObject(name.name());
            if (member.isPresent()) {
                return member.get();
            }
            throw isRegister ? registerInNumber(name.name(), name.at()) : unknown(name);
        }
        if (isRegister) {
            throw taken(name.name(), name.at());
        }
        Scope.Symbol symbol = known.get();
        if (symbol.value().isPresent()) {
            return new Expression.Constant(symbol.value().getAsLong(), symbol.type());
        }
        return new Expression.Variable(symbol.name(), symbol.type());
    }

    /** {@code frame.size} of an object, {@code sizes.length} of an array: what it is, javac knows. */
    private Optional<Expression> memberOfObject(String name) {
        int dot = name.lastIndexOf('.');
        if (dot < 0) {
            return Optional.empty();
        }
        String object = name.substring(0, dot);
        boolean isObject = scope.find(object)
                        .filter(symbol ->
                                symbol.type() == ExpressionType.OBJECT || symbol.type() == ExpressionType.UNKNOWN)
                        .isPresent()
                || memberOfObject(object).isPresent();
        boolean isLength = name.endsWith(".length") && scope.element(object).isPresent();
        return isObject
                ? Optional.of(new Expression.Opaque(
                        name,
                        isLength ? ExpressionType.INT : ExpressionType.UNKNOWN,
                        Set.of(name.substring(0, name.indexOf('.')))))
                : Optional.empty();
    }

    /** A name that is a register's and a parameter's would be taken for the register in silence. */
    static TypeException taken(String name, int at) {
        return new TypeException(
                DiagnosticCode.REGISTER_NAME_TAKEN,
                "'" + name + "' is a register and also a Java name of this stencil",
                name,
                at,
                Optional.of("rename the Java name, for example to " + name.toLowerCase(Locale.ROOT) + "Value"));
    }

    private static TypeException registerInNumber(String name, int at) {
        return new TypeException(
                DiagnosticCode.BAD_EXPRESSION,
                "register '" + name
                        + "' cannot be part of a Java expression: its value is not known when code is emitted",
                name,
                at,
                Optional.of("lea computes with registers: lea rax, [rbx + rcx*4 + 8]"));
    }

    private Expression call(Node.Call call) throws TypeException {
        if (RegisterFamilies.find(call.name()).isPresent()) {
            throw registerInNumber(call.name(), call.at());
        }
        ExpressionType result = scope.method(call.name()).orElseThrow(() -> unknownMethod(call));
        for (Node argument : call.arguments()) {
            type(argument);
        }
        return new Expression.Opaque(call.source(), result, call.names());
    }

    private static TypeException unknownMethod(Node.Call call) {
        boolean family = RegisterFamilies.names().stream().anyMatch(call.name()::equalsIgnoreCase);
        return new TypeException(
                DiagnosticCode.UNKNOWN_NAME,
                "there is no method '" + call.name() + "' here",
                call.name(),
                call.at(),
                Optional.of(
                        family || call.name().matches("R.")
                                ? "registers chosen at emission are Rb(n), Rw(n), Rd(n), Rq(n), xmm(n), ymm(n), zmm(n),"
                                        + " mm(n), k(n), st(n), sreg(n), cr(n) and dr(n)"
                                : "declare it as a default or static method of the interface, or qualify it"));
    }

    private static TypeException unknown(Node.Name name) {
        return new TypeException(
                DiagnosticCode.UNKNOWN_NAME,
                name.name().contains(".")
                        ? "'" + name.name() + "' is no constant or field that is known here"
                        : "'" + name.name() + "' is not known: no register, and no parameter, variable or constant",
                name.name(),
                name.at(),
                name.name().contains(".")
                        ? Optional.of("write the type's full name (not every compiler shows imports),"
                                + " or let the interface extend the type")
                        : Optional.empty());
    }

    private Expression unary(String operator, Expression operand) throws TypeException {
        if (operator.equals("!")) {
            requireTruth(operator, operand);
            return operand.isConstant()
                    ? truth(operand.isZero())
                    : new Expression.Unary("!", operand, ExpressionType.BOOLEAN);
        }
        requireNumber(operator, operand);
        if (operand.type() == ExpressionType.DOUBLE) {
            if (operator.equals("~")) {
                throw new TypeException("'~' takes integers, and '" + operand + "' is a double", operator);
            }
            return operand.isConstant()
                    ? negatedDouble(operator, operand)
                    : new Expression.Unary(operator, operand, ExpressionType.DOUBLE);
        }
        if (!operand.isConstant()) {
            return new Expression.Unary(operator, operand, operand.type());
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

    private Expression binary(String operator, Expression left, Expression right) throws TypeException {
        boolean bothKnown = left.isConstant()
                && right.isConstant()
                && left.type() != ExpressionType.DOUBLE
                && right.type() != ExpressionType.DOUBLE;
        if (LOGICAL.contains(operator)) {
            requireTruth(operator, left);
            requireTruth(operator, right);
            if (!bothKnown) {
                return new Expression.Binary(operator, left, right, ExpressionType.BOOLEAN);
            }
            return truth(operator.equals("&&") ? !left.isZero() && !right.isZero() : !left.isZero() || !right.isZero());
        }
        if (COMPARISONS.contains(operator)) {
            return comparison(operator, left, right, bothKnown);
        }
        if (BITWISE.contains(operator) && (isBoolean(left) && isBoolean(right))) {
            return bothKnown
                    ? truth(compute(
                                    operator,
                                    left.constant().getAsLong(),
                                    right.constant().getAsLong(),
                                    true)
                            != 0)
                    : new Expression.Binary(operator, left, right, ExpressionType.BOOLEAN);
        }
        requireNumber(operator, left);
        requireNumber(operator, right);
        if (BITWISE.contains(operator) || SHIFTS.contains(operator)) {
            requireInteger(operator, left);
            requireInteger(operator, right);
        }
        ExpressionType type = SHIFTS.contains(operator) ? left.type() : promoted(left.type(), right.type());
        boolean integerDivision = operator.equals("/") || operator.equals("%");
        if (integerDivision && type != ExpressionType.DOUBLE && type != ExpressionType.UNKNOWN && right.isZero()) {
            throw new TypeException("division by zero", operator);
        }
        if (!bothKnown) {
            return new Expression.Binary(operator, left, right, type);
        }
        long a = left.constant().getAsLong();
        long b = right.constant().getAsLong();
        return constant(compute(operator, a, b, type == ExpressionType.INT), type);
    }

    private Expression comparison(String operator, Expression left, Expression right, boolean bothKnown)
            throws TypeException {
        boolean equality = operator.equals("==") || operator.equals("!=");
        if (!equality || left.type().isNumeric() != right.type().isNumeric() && !numbersAreTruths) {
            requireNumber(operator, left);
            requireNumber(operator, right);
        }
        return bothKnown
                ? truth(compare(
                        operator, left.constant().getAsLong(), right.constant().getAsLong()))
                : new Expression.Binary(operator, left, right, ExpressionType.BOOLEAN);
    }

    private static boolean isBoolean(Expression expression) {
        return expression.type() == ExpressionType.BOOLEAN;
    }

    private void requireTruth(String operator, Expression operand) throws TypeException {
        boolean fits = isBoolean(operand)
                || operand.type() == ExpressionType.UNKNOWN
                || numbersAreTruths && operand.type().isNumeric();
        if (!fits) {
            throw new TypeException(
                    "'" + operator + "' takes booleans, and '" + operand + "' is " + described(operand), operator);
        }
    }

    private static void requireInteger(String operator, Expression operand) throws TypeException {
        if (operand.type() == ExpressionType.DOUBLE) {
            throw new TypeException("'" + operator + "' takes integers, and '" + operand + "' is a double", operator);
        }
    }

    /** The type of an expression in a user's words. */
    static String described(Expression expression) {
        return switch (expression.type()) {
            case INT -> "an int";
            case GPR, XMM -> "a register";
            case PATCH_SITE -> "a patch site";
            case OBJECT -> "no number";
            case UNKNOWN -> "of no known type";
            default -> "a " + expression.type().name().toLowerCase(Locale.ROOT);
        };
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
        if (!target.equals("boolean") || !isBoolean(operand)) {
            requireNumber("(" + target + ")", operand);
        }
        ExpressionType type = switch (target) {
            case "long" -> ExpressionType.LONG;
            case "double" -> ExpressionType.DOUBLE;
            case "float" -> ExpressionType.UNKNOWN;
            case "boolean" -> ExpressionType.BOOLEAN;
            default -> ExpressionType.INT;
        };
        boolean isRedundant = type == operand.type()
                && (type != ExpressionType.INT || target.equals("int"))
                && type != ExpressionType.UNKNOWN;
        if (isRedundant) {
            return operand; // javac would warn
        }
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
                    "'" + operator + "' takes numbers, and '" + operand + "' is " + described(operand), operator);
        }
    }

    private static Expression constant(long value, ExpressionType type) {
        return new Expression.Constant(type == ExpressionType.INT ? (int) value : value, type);
    }

    private static Expression truth(boolean value) {
        return new Expression.Constant(value ? 1 : 0, ExpressionType.BOOLEAN);
    }
}
