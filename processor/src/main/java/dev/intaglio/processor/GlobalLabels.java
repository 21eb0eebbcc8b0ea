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
    private record Definition(StencilUnit stencil, int line) {}

    private GlobalLabels() {}

    static void check(EmitterUnit unit) {
        Map<String, Definition> definitions = new HashMap<>();
        for (StencilUnit stencil : unit.stencils()) {
            for (Line line : stencil.lines()) {
                if (line instanceof Line.LabelDefinition definition
                        && definition.label() instanceof LabelReference.Global global) {
                    Definition earlier = definitions.putIfAbsent(
                            global.name(),
                            new Definition(
                                    stencil, stencil.text().fileLine(line.span().start())));
                    // Twice in one stencil is reported with the other labels of that stencil.
                    // Of alternatives one is emitted.
                    boolean clashes = earlier != null
                            && earlier.stencil() != stencil
                            && !earlier.stencil().isAlternativeOf(stencil);
                    if (clashes) {
                        stencil.diagnostics()
                                .report(
                                        DiagnosticCode.DUPLICATE_LABEL,
                                        line.span(),
                                        "label ->" + global.name() + " is defined already, in stencil "
                                                + earlier.stencil().name() + " (line " + earlier.line() + ")",
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
