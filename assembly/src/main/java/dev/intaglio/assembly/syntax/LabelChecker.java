package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.diagnostic.Diagnostic;
import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.LabelReferences;
import dev.intaglio.assembly.ir.Line;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
            for (Placed placed : references(line)) {
                if (placed.label() instanceof LabelReference.Last last && !defined.contains(last.number())) {
                    boolean later = lastDefinition.getOrDefault(last.number(), -1) > i;
                    undefined(
                            placed, "before", later ? Optional.of(">" + last.number()) : Optional.empty(), diagnostics);
                }
                if (placed.label() instanceof LabelReference.Next next
                        && lastDefinition.getOrDefault(next.number(), -1) <= i) {
                    boolean earlier = defined.contains(next.number());
                    undefined(
                            placed,
                            "behind",
                            earlier ? Optional.of("<" + next.number()) : Optional.empty(),
                            diagnostics);
                }
            }
        }
    }

    /** A label and the place of the operand that names it. */
    private record Placed(LabelReference label, Span place) {}

    private static List<Placed> references(Line line) {
        if (line instanceof Line.PatchPoint patch) {
            return references(patch.instruction());
        }
        if (!(line instanceof Instruction instruction)) {
            return LabelReferences.of(line).stream()
                    .map(label -> new Placed(label, line.span()))
                    .toList();
        }
        List<Placed> references = new ArrayList<>();
        for (int i = 0; i < instruction.operands().size(); i++) {
            Instruction one = instruction.with(
                    instruction.mnemonic(), List.of(instruction.operands().get(i)));
            Span place = instruction.operandSpan(i);
            LabelReferences.of(one).forEach(label -> references.add(new Placed(label, place)));
        }
        return references;
    }

    private static void undefined(Placed reference, String side, Optional<String> other, Diagnostics diagnostics) {
        String number = reference.label().toString().substring(1);
        diagnostics.report(new Diagnostic(
                DiagnosticCode.UNDEFINED_LABEL,
                reference.place(),
                "label " + reference.label() + " is not defined: no " + number + ": stands " + side
                        + " it in this stencil",
                List.of(),
                other.map(label -> "did you mean " + label + "?")));
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
