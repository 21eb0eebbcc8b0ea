package dev.intaglio.processor;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.LabelReferences;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.processor.resolve.EmitterUnit;
import dev.intaglio.processor.resolve.StencilUnit;
import java.util.HashMap;
import java.util.Map;

/** Checks the {@code ->name} labels of an emitter over all its stencils. */
final class GlobalLabels {
    private GlobalLabels() {}

    static void check(EmitterUnit unit) {
        Map<String, String> definitions = new HashMap<>();
        for (StencilUnit stencil : unit.stencils()) {
            for (Line line : stencil.lines()) {
                if (line instanceof Line.LabelDefinition definition
                        && definition.label() instanceof LabelReference.Global global) {
                    String place = stencil.name() + " (line "
                            + stencil.text().fileLine(line.span().start()) + ")";
                    String earlier = definitions.putIfAbsent(global.name(), place);
                    if (earlier != null && !earlier.equals(place)) {
                        stencil.diagnostics()
                                .report(
                                        DiagnosticCode.DUPLICATE_LABEL,
                                        line.span(),
                                        "label ->" + global.name() + " is defined in stencil " + earlier + " already",
                                        "a ->label is one for the whole interface: give this one another name");
                    }
                }
            }
        }
        for (StencilUnit stencil : unit.stencils()) {
            for (Line line : stencil.lines()) {
                for (LabelReference reference : LabelReferences.of(line)) {
                    if (reference instanceof LabelReference.Global global && !definitions.containsKey(global.name())) {
                        stencil.diagnostics()
                                .report(
                                        DiagnosticCode.UNDEFINED_LABEL,
                                        line.span(),
                                        "label ->" + global.name() + " is not defined in any stencil of "
                                                + unit.interfaceName(),
                                        "define it with ->" + global.name() + ":, or pass a Label and write =>"
                                                + global.name());
                    }
                }
            }
        }
    }
}
