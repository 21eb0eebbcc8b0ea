package dev.intaglio.assembly.ir;

import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * A Java expression in an operand, as a typed tree. Constants are folded with Java's own semantics when the tree is made;
 * what is left is evaluated when code is emitted.
 *
 * <p>The sums and products that join the terms of an address belong to the assembler and are computed in 64 bits (see
 * {@link #sum}); within parentheses, casts and calls Java's rules hold.
 */
public sealed interface Expression {
    /** The number zero. */
    Expression ZERO = of(0);

    /** The expression's Java type. */
    ExpressionType type();

    /** The names of parameters and variables that the value depends on. */
    Set<String> names();

    /** The expression as Java source, parenthesized so that it can stand as an operand of any operator. */
    String java();

    /** Whether evaluating it twice is evaluating it once: no part of it is left to javac. */
    default boolean isPure() {
        return true;
    }

    /** The value, where it is known when the stencil is compiled. */
    default OptionalLong constant() {
        return OptionalLong.empty();
    }

    default boolean isConstant() {
        return constant().isPresent();
    }

    default boolean isZero() {
        return constant().isPresent() && constant().getAsLong() == 0;
    }

    static Expression of(long value) {
        return new Constant(value, (int) value == value ? ExpressionType.INT : ExpressionType.LONG);
    }

    /** {@code left + right} in 64 bits; what is known of it becomes one constant, which stands last. */
    static Expression sum(Expression left, Expression right) {
        if (left.isConstant() && right.isConstant()) {
            return of(left.constant().getAsLong() + right.constant().getAsLong());
        }
        if (left.isZero()) {
            return right;
        }
        if (right.isZero()) {
            return left;
        }
        if (left.isConstant()) {
            return sum(right, left);
        }
        if (left instanceof Sum sum && sum.right().isConstant()) {
            return right.isConstant()
                    ? sum(sum.left(), sum(sum.right(), right))
                    : sum(sum(sum.left(), right), sum.right());
        }
        if (right instanceof Sum sum && sum.right().isConstant()) {
            return sum(sum(left, sum.left()), sum.right());
        }
        return new Sum(left, right);
    }

    /** {@code expression * factor} in 64 bits. */
    static Expression product(Expression expression, long factor) {
        if (expression.isConstant()) {
            return of(expression.constant().getAsLong() * factor);
        }
        return factor == 1 ? expression : factor == 0 ? ZERO : new Product(expression, factor);
    }

    /** A value known when the stencil is compiled; a double's is its bits. */
    record Constant(long value, ExpressionType type) implements Expression {
        @Override
        public OptionalLong constant() {
            return OptionalLong.of(value);
        }

        @Override
        public Set<String> names() {
            return Set.of();
        }

        @Override
        public String java() {
            return switch (type) {
                case BOOLEAN -> Boolean.toString(value != 0);
                case DOUBLE -> "Double.longBitsToDouble(" + value + "L)";
                case INT -> value < 0 ? "(" + value + ")" : Long.toString(value);
                default -> value < 0 ? "(" + value + "L)" : value + "L";
            };
        }

        @Override
        public String toString() {
            return type == ExpressionType.BOOLEAN ? java() : Long.toString(value);
        }
    }

    /** A parameter, a variable of a Java line, or a constant whose value the processor cannot see. */
    record Variable(String name, ExpressionType type) implements Expression {
        @Override
        public Set<String> names() {
            return Set.of(name);
        }

        @Override
        public String java() {
            return name;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** A 64-bit sum of terms of one operand. */
    record Sum(Expression left, Expression right) implements Expression {
        @Override
        public ExpressionType type() {
            return ExpressionType.LONG;
        }

        @Override
        public Set<String> names() {
            Set<String> names = new TreeSet<>(left.names());
            names.addAll(right.names());
            return names;
        }

        @Override
        public boolean isPure() {
            return left.isPure() && right.isPure();
        }

        @Override
        public String java() {
            // One operand that is surely a long makes the sum one; a cast of what is a long already would be a warning.
            if (isSurely(ExpressionType.LONG, left) || isSurely(ExpressionType.LONG, right)) {
                return "(" + left.java() + " + " + right.java() + ")";
            }
            String first = isSurely(ExpressionType.INT, left) ? "(long) " : "0L + ";
            return "(" + first + left.java() + " + " + right.java() + ")";
        }

        @Override
        public String toString() {
            return left + " + " + right;
        }
    }

    /** A 64-bit product of a term and a constant factor. */
    record Product(Expression term, long factor) implements Expression {
        @Override
        public ExpressionType type() {
            return ExpressionType.LONG;
        }

        @Override
        public Set<String> names() {
            return term.names();
        }

        @Override
        public boolean isPure() {
            return term.isPure();
        }

        @Override
        public String java() {
            return "(" + term.java() + " * " + (factor < 0 ? "(" + factor + "L)" : factor + "L") + ")";
        }

        @Override
        public String toString() {
            return (term instanceof Sum ? "(" + term + ")" : term) + "*" + factor;
        }
    }

    /** Java's unary operator {@code + - ~ !}. */
    record Unary(String operator, Expression operand, ExpressionType type) implements Expression {
        @Override
        public Set<String> names() {
            return operand.names();
        }

        @Override
        public boolean isPure() {
            return operand.isPure();
        }

        @Override
        public String java() {
            return "(" + operator + operand.java() + ")";
        }

        @Override
        public String toString() {
            return java();
        }
    }

    /** Java's binary operator, with Java's promotion of its operands. */
    record Binary(String operator, Expression left, Expression right, ExpressionType type) implements Expression {
        @Override
        public Set<String> names() {
            Set<String> names = new TreeSet<>(left.names());
            names.addAll(right.names());
            return names;
        }

        @Override
        public boolean isPure() {
            return left.isPure() && right.isPure();
        }

        @Override
        public String java() {
            return "(" + left.java() + " " + operator + " " + right.java() + ")";
        }

        @Override
        public String toString() {
            return java();
        }
    }

    /** {@code condition ? then : otherwise}, of two integers. */
    record Conditional(Expression condition, Expression then, Expression otherwise, ExpressionType type)
            implements Expression {
        @Override
        public Set<String> names() {
            Set<String> names = new TreeSet<>(condition.names());
            names.addAll(then.names());
            names.addAll(otherwise.names());
            return names;
        }

        @Override
        public boolean isPure() {
            return condition.isPure() && then.isPure() && otherwise.isPure();
        }

        @Override
        public String java() {
            return "(" + condition.java() + " ? " + then.java() + " : " + otherwise.java() + ")";
        }

        @Override
        public String toString() {
            return "(" + condition + " ? " + then + " : " + otherwise + ")";
        }
    }

    /** A cast to a primitive type, {@code target} as written: {@code byte}, {@code int}, {@code long} and so on. */
    record Cast(String target, Expression operand, ExpressionType type) implements Expression {
        @Override
        public Set<String> names() {
            return operand.names();
        }

        @Override
        public boolean isPure() {
            return operand.isPure();
        }

        @Override
        public String java() {
            return "((" + target + ") " + operand.java() + ")";
        }

        @Override
        public String toString() {
            return java();
        }
    }

    /** Any other Java expression: a call, an array access, a conditional of what need not be integers. Never equal to another evaluation of itself. */
    record Opaque(String source, ExpressionType type, Set<String> names) implements Expression {
        public Opaque {
            Objects.requireNonNull(source);
            names = Set.copyOf(names);
        }

        @Override
        public boolean isPure() {
            return false;
        }

        @Override
        public String java() {
            return "(" + source + ")";
        }

        @Override
        public String toString() {
            return isCall() ? source : java();
        }

        /** Whether the source is a call or the like, which binds stronger than any operator beside it. */
        private boolean isCall() {
            int i = 0;
            int depth = 0;
            while (i < source.length()) {
                char c = source.charAt(i);
                if (c == '"' || c == '\'') {
                    i = literalEnd(i);
                    if (depth == 0) {
                        return false;
                    }
                    continue;
                }
                depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
                boolean part = Character.isJavaIdentifierPart(c) || c == '.' || c == ')' || c == ']';
                if (depth == 0 && !part) {
                    return false;
                }
                i++;
            }
            return Character.isJavaIdentifierStart(source.charAt(0));
        }

        private int literalEnd(int start) {
            int i = start + 1;
            while (i < source.length() && source.charAt(i) != source.charAt(start)) {
                i += source.charAt(i) == '\\' ? 2 : 1;
            }
            return i + 1;
        }
    }

    /** Whether javac sees this type too: of a call the processor knows only the name. */
    private static boolean isSurely(ExpressionType type, Expression expression) {
        return expression.type() == type && !(expression instanceof Opaque);
    }
}
