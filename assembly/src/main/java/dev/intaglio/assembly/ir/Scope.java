package dev.intaglio.assembly.ir;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The Java names that a stencil's expressions may use. */
public interface Scope {
    /**
     * A name and what is known of it.
     *
     * @param value its value where it is a compile-time constant (a double's bits, a boolean's 0 or 1)
     */
    record Symbol(String name, ExpressionType type, OptionalLong value) {}

    /** The parameter, constant or field of this (possibly qualified) name. */
    Optional<Symbol> find(String name);

    /**
     * The result type of a method that can be called by this name, simple or behind its type; empty if there is none or, behind
     * a type, if it is not known.
     */
    Optional<ExpressionType> method(String name);

    /** The type of the elements of the array of this name, if it is known to be one. */
    default Optional<ExpressionType> element(String array) {
        return Optional.empty();
    }

    /** The names that {@link #find} knows without qualification, for suggestions. */
    Set<String> names();

    /** A scope without names, where only numbers can be written. */
    Scope EMPTY = new Scope() {
        @Override
        public Optional<Symbol> find(String name) {
            return Optional.empty();
        }

        @Override
        public Optional<ExpressionType> method(String name) {
            return Optional.empty();
        }

        @Override
        public Set<String> names() {
            return Set.of();
        }
    };
}
