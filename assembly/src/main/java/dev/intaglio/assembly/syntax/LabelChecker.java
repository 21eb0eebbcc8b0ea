package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.LabelReferences;
import dev.intaglio.assembly.ir.Line;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds what the text alone tells of labels: local references without a definition, definitions that repeat. */
final class LabelChecker {
    private LabelChecker() {}

    static void check(List<Line> lines, Diagnostics diagnostics) {
        checkReferences(lines, diagnostics);
        checkDefinitions(lines, diagnostics);
    }

    private static void checkReferences(List<Line> lines, Diagnostics diagnostics) {
        Map<Integer, Integer> lastDefinition = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i) instanceof Line.LabelDefinition definition
                    && definition.label() instanceof LabelReference.Next local) {
                lastDefinition.put(local.number(), i);
            }
        }
        Set<Integer> defined = new HashSet<>();
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            if (line instanceof Line.LabelDefinition definition
                    && definition.label() instanceof LabelReference.Next local) {
                defined.add(local.number());
                continue;
            }
            for (LabelReference reference : LabelReferences.of(line)) {
                if (reference instanceof LabelReference.Last last && !defined.contains(last.number())) {
                    undefined(reference, "no " + last.number() + ": stands before it", line.span(), diagnostics);
                }
                if (reference instanceof LabelReference.Next next
                        && lastDefinition.getOrDefault(next.number(), -1) <= i) {
                    undefined(reference, "no " + next.number() + ": stands behind it", line.span(), diagnostics);
                }
            }
        }
    }

    private static void undefined(LabelReference reference, String why, Span place, Diagnostics diagnostics) {
        diagnostics.report(
                DiagnosticCode.UNDEFINED_LABEL,
                place,
                "label " + reference + " is not defined: " + why + " in this stencil");
    }

    private static void checkDefinitions(List<Line> lines, Diagnostics diagnostics) {
        boolean straight = lines.stream().noneMatch(Line.Java.class::isInstance);
        Set<String> seen = new HashSet<>();
        for (Line line : lines) {
            if (!(line instanceof Line.LabelDefinition definition)) {
                continue;
            }
            boolean once = definition.label() instanceof LabelReference.Global
                    || straight && definition.label() instanceof LabelReference.Given;
            if (once && !seen.add(definition.label().toString())) {
                diagnostics.report(
                        DiagnosticCode.DUPLICATE_LABEL,
                        line.span(),
                        "label " + definition.label() + " is defined twice in this stencil");
            }
        }
    }
}
