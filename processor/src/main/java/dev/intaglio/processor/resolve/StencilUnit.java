package dev.intaglio.processor.resolve;

import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.ir.Line;
import java.util.List;

/**
 * A stencil on its way to an emitter's method.
 *
 * @param name the method's name
 * @param lines what is emitted, in the order of the text
 */
public record StencilUnit(
        String name, List<StencilParameter> parameters, List<Line> lines, StencilText text, Diagnostics diagnostics) {
    public StencilUnit {
        parameters = List.copyOf(parameters);
        lines = List.copyOf(lines);
    }

    public StencilUnit withLines(List<Line> others) {
        return new StencilUnit(name, parameters, others, text, diagnostics);
    }
}
