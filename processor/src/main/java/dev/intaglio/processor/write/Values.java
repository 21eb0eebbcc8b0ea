package dev.intaglio.processor.write;

import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.ExpressionType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The values that a run of assembly computes before its first byte, each once, as locals: numbers as longs. */
final class Values {
    /** An expression that calls something may give another value each time: it is itself only where it stands. */
    private record Key(Expression expression, int line) {}

    private final Names names;
    private final Map<Key, String> locals = new LinkedHashMap<>();
    private final List<String> declarations = new ArrayList<>();

    Values(Names names) {
        this.names = names;
    }

    /** The declarations, in the order of first use. */
    List<String> declarations() {
        return declarations;
    }

    /** The Java name (or literal) of an expression's 64-bit value. */
    String name(Expression expression, int line, String wish) {
        if (expression.isConstant()) {
            return literal(expression.constant().getAsLong());
        }
        if (expression instanceof Expression.Variable variable && isLocal(variable) && isLong(variable)) {
            return variable.name();
        }
        Key key = new Key(expression, isRepeatable(expression) ? -1 : line);
        return locals.computeIfAbsent(key, unused -> declare(expression, wish));
    }

    /** The Java name of a label or a patch site; what computes one may emit, so that is done before the run's own room is taken. */
    String object(Expression expression, int line, String type, String wish) {
        if (expression.java().matches("\\w+")) {
            return expression.java();
        }
        return locals.computeIfAbsent(new Key(expression, line), unused -> {
            String name = names.fresh(wish);
            declarations.add(type + " " + name + " = " + unparenthesized(expression.java()) + ";");
            return name;
        });
    }

    /** The name of a value that this run has computed. */
    Optional<String> known(Expression expression, int line) {
        if (expression instanceof Expression.Variable variable && isLocal(variable) && isLong(variable)) {
            return Optional.of(variable.name());
        }
        return Optional.ofNullable(locals.get(new Key(expression, isRepeatable(expression) ? -1 : line)));
    }

    private String declare(Expression expression, String wish) {
        String like = expression instanceof Expression.Variable variable
                        && variable.name().matches("\\w+")
                ? variable.name() + "Value"
                : wish;
        String name = names.fresh(like);
        declarations.add("long " + name + " = " + wide(expression) + ";");
        return name;
    }

    static String wide(Expression expression) {
        String java = unparenthesized(expression.java());
        return switch (expression.type()) {
            case BOOLEAN -> "(" + java + ") ? 1 : 0";
            case DOUBLE -> "Double.doubleToRawLongBits(" + java + ")";
            case GPR, XMM -> expression.java() + ".number()";
            case UNKNOWN -> "operandBits(" + java + ")";
            case INT, LONG, LABEL, PATCH_SITE, OBJECT -> java;
        };
    }

    /** An expression without the parentheses that stand around all of it. */
    static String unparenthesized(String java) {
        if (!java.startsWith("(")) {
            return java;
        }
        int depth = 0;
        for (int i = 0; i < java.length(); i++) {
            depth += java.charAt(i) == '(' ? 1 : java.charAt(i) == ')' ? -1 : 0;
            if (depth == 0) {
                return i == java.length() - 1 ? java.substring(1, i) : java;
            }
        }
        return java;
    }

    private static boolean isLong(Expression.Variable variable) {
        return variable.type() == ExpressionType.LONG;
    }

    /** A field of another type stands with its qualified name, and what is called between two reads may change it. */
    private static boolean isLocal(Expression.Variable variable) {
        return !variable.name().contains(".");
    }

    private static boolean isRepeatable(Expression expression) {
        if (expression instanceof Expression.Variable variable) {
            return isLocal(variable);
        }
        if (expression instanceof Expression.Opaque) {
            return false;
        }
        if (expression instanceof Expression.Conditional choice) {
            return isRepeatable(choice.condition()) && isRepeatable(choice.then()) && isRepeatable(choice.otherwise());
        }
        if (expression instanceof Expression.Sum sum) {
            return isRepeatable(sum.left()) && isRepeatable(sum.right());
        }
        if (expression instanceof Expression.Binary binary) {
            return isRepeatable(binary.left()) && isRepeatable(binary.right());
        }
        if (expression instanceof Expression.Product product) {
            return isRepeatable(product.term());
        }
        if (expression instanceof Expression.Unary unary) {
            return isRepeatable(unary.operand());
        }
        return !(expression instanceof Expression.Cast cast) || isRepeatable(cast.operand());
    }

    static String literal(long value) {
        return (int) value == value ? Long.toString(value) : value + "L";
    }
}
