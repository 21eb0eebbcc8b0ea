package dev.intaglio.processor.resolve;

import java.util.Map;

/**
 * What names in a stencil's Java stand for that the emitter must write out, because it neither inherits nor imports them: types
 * of other packages, and static members of types in the unnamed package, from which nothing can be imported.
 *
 * @param types by the name as written
 * @param methods the type that has the method
 * @param fields the type that has the field
 */
public record References(Map<String, Owner> types, Map<String, Owner> methods, Map<String, Owner> fields) {
    /** Nothing to write out. */
    public static final References NONE = new References(Map.of(), Map.of(), Map.of());

    public References {
        types = Map.copyOf(types);
        methods = Map.copyOf(methods);
        fields = Map.copyOf(fields);
    }

    /**
     * A class.
     *
     * @param packageName empty for the unnamed package
     * @param className {@code Outer.Inner} for a nested one
     */
    public record Owner(String packageName, String className) {}
}
