package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.ir.ExpressionType;
import java.util.List;
import java.util.Set;

/** A Java expression as written, before names have types. */
sealed interface Node {
    /** A number, a char or a boolean. */
    record Literal(long value, ExpressionType type) implements Node {}

    /** A simple or qualified name. */
    record Name(String name) implements Node {}

    record Unary(String operator, Node operand) implements Node {}

    record Binary(String operator, Node left, Node right) implements Node {}

    record Parenthesized(Node inner) implements Node {}

    /** A cast to a primitive type. */
    record Cast(String target, Node operand) implements Node {}

    /** A call without a qualifier, such as {@code Rq(x)} or a method of the interface. */
    record Call(String name, List<Node> arguments, String source, Set<String> names) implements Node {}

    /** Anything else that Java allows. */
    record Other(String source, Set<String> names, boolean isBoolean) implements Node {}
}
