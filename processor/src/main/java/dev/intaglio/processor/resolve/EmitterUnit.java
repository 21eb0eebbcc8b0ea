package dev.intaglio.processor.resolve;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An interface whose emitter is to be written.
 *
 * @param packageName empty for the unnamed package
 * @param interfaceName {@code Outer.Inner} for a nested one
 * @param emitterName {@code Outer_InnerEmitter} for a nested one
 * @param saysGenerated whether the emitter's module can see {@code javax.annotation.processing.Generated}
 * @param isPublic whether the interface can be seen from other packages
 * @param cpu what the emitter asks of the CPU; empty where that is nothing
 * @param inherited what the emitter has from its interface
 * @param suppressed the warnings that the author does not want to see
 * @param staticImports names of members that the emitter imports, by the qualified type that has them
 */
public record EmitterUnit(
        String packageName,
        String interfaceName,
        String emitterName,
        boolean isPublic,
        boolean saysGenerated,
        String cpu,
        InheritedNames inherited,
        Set<String> suppressed,
        Map<String, Set<String>> staticImports,
        List<StencilUnit> stencils) {
    public EmitterUnit {
        suppressed = Collections.unmodifiableSet(new TreeSet<>(suppressed));
        staticImports = Collections.unmodifiableMap(new TreeMap<>(staticImports));
        stencils = List.copyOf(stencils);
    }

    /** A unit that needs nothing but what it inherits. */
    public EmitterUnit(
            String packageName,
            String interfaceName,
            String emitterName,
            boolean isPublic,
            List<StencilUnit> stencils) {
        this(
                packageName,
                interfaceName,
                emitterName,
                isPublic,
                true,
                "",
                InheritedNames.NONE,
                Set.of(),
                Map.of(),
                stencils);
    }
}
