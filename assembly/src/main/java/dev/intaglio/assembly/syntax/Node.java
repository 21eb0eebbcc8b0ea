package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.ir.ExpressionType;
import java.util.List;
import java.util.Set;

/** A Java expression as written, before names have types. */
sealed interface Node {
    /** A number, a char or a boolean. */
    record Literal(long value, ExpressionType type) implements Node {}

    /** A simple or qualified name, and its offset in the expression. */
    record Name(String name, int at) implements Node {}

    record Unary(String operator, Node operand) implements Node {}

    record Binary(String operator, Node left, Node right) implements Node {}

    record Parenthesized(Node inner) implements Node {}

    /** A cast to a primitive type. */
    record Cast(String target, Node operand) implements Node {}

    /** A call without a qualifier, such as {@code Rq(x)} or a method of the interface. */
    record Call(String name, List<Node> arguments, String source, Set<String> names, int at) implements Node {}

    /** {@code condition ? then : otherwise}, with all that is known of it if its parts are no integers. */
    record Conditional(Node condition, Node then, Node otherwise, Other whole) implements Node {}

    /**
     * Anything else that Java allows.
     *
     * @param names all simple names in it
     * @param variables those that cannot be a type, with their offsets, unless the expression declares names of its own
     * @param result what tells its type
     */
    record Other(String source, Set<String> names, List<Name> variables, Result result) implements Node {}

    /** What tells the type of an expression that is handed to javac as it stands. */
    sealed interface Result {
        /** Nothing does. */
        record Unknown() implements Result {}

        /** It is a boolean. */
        record Truth() implements Result {}

        /** One of these is it: of a conditional. */
        record OneOf(Node first, Node second) implements Result {}

        /** What the method returns that has this name, behind its type. */
        record OfMethod(String name) implements Result {}

        /** An element of the array of this name. */
        record ElementOf(String array) implements Result {}
    }
}
