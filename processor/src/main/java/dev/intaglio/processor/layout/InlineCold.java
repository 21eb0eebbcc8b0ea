package dev.intaglio.processor.layout;

import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The cold lines of a stencil behind its hot ones, in one section, as a compiler that knows no cold section lays them out:
 * the hot code jumps over them where it would fall into them.
 */
final class InlineCold {
    private InlineCold() {}

    /** The lines in one section; as they were where Java lines or other stencils decide how control flows. */
    static List<Line> of(List<Line> lines) {
        Optional<MovableLines> movable = MovableLines.of(lines);
        List<Line> hot = new ArrayList<>();
        List<Line> cold = new ArrayList<>();
        List<Line> other = new ArrayList<>();
        if (movable.isEmpty()) {
            return lines;
        }
        List<Line> into = hot;
        for (Line line : movable.get().lines()) {
            if (line instanceof Line.SectionSwitch change) {
                into = change.section().equals("code") ? hot : change.section().equals("cold") ? cold : other;
            }
            if (into == other || !(line instanceof Line.SectionSwitch)) {
                into.add(line);
            }
        }
        if (!belongsTo(hot, cold)) {
            return lines;
        }
        List<Line> all = new ArrayList<>(hot);
        boolean jumps = fallsThrough(hot);
        LabelReference.Next end = movable.get().newLabel();
        Span span = cold.get(0).span();
        if (jumps) {
            all.add(Instruction.of("jmp", new Operand.LabelTarget(end, Expression.ZERO))
                    .at(span));
        }
        all.addAll(cold);
        if (jumps) {
            all.add(MovableLines.definition(end, span));
        }
        all.addAll(other);
        return movable.get().settled(all);
    }

    /** Whether control comes to the cold code from this stencil's hot code only, and does not fall into another's. */
    private static boolean belongsTo(List<Line> hot, List<Line> cold) {
        return hot.stream().anyMatch(Instruction.class::isInstance)
                && !cold.isEmpty()
                && cold.get(0) instanceof Line.LabelDefinition first
                && LocalLabels.number(first.label()) >= 0
                && !fallsThrough(cold);
    }

    private static boolean fallsThrough(List<Line> lines) {
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (lines.get(i) instanceof Instruction last) {
                return !last.mnemonic().equals("jmp") && !last.mnemonic().startsWith("ret");
            }
            if (lines.get(i) instanceof Line.LabelDefinition) {
                return true;
            }
        }
        return true;
    }
}
