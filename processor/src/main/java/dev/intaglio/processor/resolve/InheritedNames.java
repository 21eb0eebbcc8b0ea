package dev.intaglio.processor.resolve;

import java.util.Set;

/**
 * The names that an emitter has from its interface, so that what the processor adds gets others.
 *
 * @param members of methods and fields
 * @param types of member types, which hide imported ones
 */
public record InheritedNames(Set<String> members, Set<String> types) {
    /** Nothing but the stencils. */
    public static final InheritedNames NONE = new InheritedNames(Set.of(), Set.of());

    public InheritedNames {
        members = Set.copyOf(members);
        types = Set.copyOf(types);
    }
}
