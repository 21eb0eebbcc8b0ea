package dev.intaglio.processor.layout;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.Line;
import java.util.List;

/**
 * Whether each {@code .observe} can know the position: a stencil's own stands at its head, before anything that could leave the
 * straight way, and code that is entered from elsewhere says it anew.
 */
public final class PositionCheck {
    private PositionCheck() {}

    /** Reports what stands in a wrong place. */
    public static void check(List<Line> lines, Diagnostics diagnostics) {
        String section = Line.SectionSwitch.HOT;
        boolean atHead = true;
        boolean enteredAside = false;
        for (Line line : lines) {
            boolean isHot = section.equals(Line.SectionSwitch.HOT);
            if (line instanceof Line.SectionSwitch change) {
                section = change.section();
                enteredAside = false;
            } else if (line instanceof Line.LabelDefinition definition && !isHot) {
                enteredAside = definition.label() instanceof LabelReference.Given
                        || definition.label() instanceof LabelReference.Global;
            } else if (line instanceof Line.Position position) {
                enteredAside = false;
                place(position, section, isHot && atHead, diagnostics);
            } else if (line instanceof Line.Observe && section.equals("data")) {
                report(line, "nobody runs .data", "observe in code", diagnostics);
            } else if (line instanceof Line.Observe && enteredAside) {
                report(
                        line,
                        "the position is not known behind a label that others jump to",
                        "say .position [slot], value behind the label",
                        diagnostics);
            }
            atHead &= !(line instanceof Instruction || line instanceof Line.Java || line instanceof Line.Observe);
        }
    }

    private static void place(Line.Position position, String section, boolean atHead, Diagnostics diagnostics) {
        boolean isHot = section.equals(Line.SectionSwitch.HOT);
        if (section.equals("data") || !isHot && position.slot().isEmpty()) {
            report(position, ".position has no meaning here", "say it in hot code", diagnostics);
        } else if (isHot && position.slot().isPresent() && !atHead) {
            report(
                    position,
                    "a position stands before a stencil's instructions and lines of Java, so that it holds on all its ways",
                    "move it to the stencil's head, or begin another stencil here",
                    diagnostics);
        }
    }

    private static void report(Line line, String message, String help, Diagnostics diagnostics) {
        diagnostics.report(DiagnosticCode.BAD_DIRECTIVE, line.span(), message, help);
    }
}
