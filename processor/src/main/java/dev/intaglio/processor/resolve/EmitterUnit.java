package dev.intaglio.processor.resolve;

import java.util.List;

/**
 * An interface whose emitter is to be written.
 *
 * @param packageName empty for the unnamed package
 * @param interfaceName {@code Outer.Inner} for a nested one
 * @param emitterName {@code Outer_InnerEmitter} for a nested one
 * @param isPublic whether the interface can be seen from other packages
 */
public record EmitterUnit(
        String packageName, String interfaceName, String emitterName, boolean isPublic, List<StencilUnit> stencils) {
    public EmitterUnit {
        stencils = List.copyOf(stencils);
    }
}
