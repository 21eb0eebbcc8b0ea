package dev.intaglio.peephole;

import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.peephole.ConstantFolding.Folding;
import java.util.List;

/**
 * Chooses at emission between an immediate and a register that is loaded for it: a value of 64 bits that is known at emission,
 * in a register that serves one operand only, becomes that operand where it fits 32 bits.
 */
final class FittedImmediates {
    static final String NAME = "fit-immediate";

    private FittedImmediates() {}

    /** Whether there may be any: a load of a value of 64 bits that is known at emission. */
    static boolean mayBe(List<Line> lines) {
        return lines.stream()
                .anyMatch(line -> line instanceof Instruction instruction
                        && instruction.mnemonic().equals("mov")
                        && instruction.operands().size() == 2
                        && instruction.operands().get(0) instanceof RegisterOperand
                        && instruction.operands().get(1) instanceof Operand.Immediate immediate
                        && !immediate.value().isConstant()
                        && !ValueRange.of(immediate.value()).fitsInt());
    }

    /** Rewrites all that there are, in these lines, and tells what it did. */
    static List<Rewrite> rewrite(List<Line> lines, Liveness liveness, Facts.Source facts) {
        List<Folding> found = ConstantFolding.findWide(lines, liveness, facts);
        List<Line> before = List.copyOf(lines);
        return found.stream().map(folding -> apply(folding, before, lines)).toList();
    }

    private static Rewrite apply(Folding folding, List<Line> before, List<Line> lines) {
        Instruction load = (Instruction) before.get(folding.loads().iterator().next());
        Line use = before.get(folding.use());
        Span span = use.span();
        Expression value = ((Operand.Immediate) load.operands().get(1)).value();
        List<Line> now = List.of(
                new Line.Java("if (" + value.java() + " == (int) " + value.java() + ") {", span),
                folding.now(),
                new Line.Java("} else {", span),
                load,
                use,
                new Line.Java("}", span));
        int at = place(use, lines);
        lines.remove(at);
        lines.addAll(at, now);
        lines.remove(place(load, lines));
        return new Rewrite(NAME, List.of(load, use), now, span);
    }

    /** Where this very line stands first: others may say the same. */
    private static int place(Line line, List<Line> lines) {
        int at = 0;
        while (lines.get(at) != line) {
            at++;
        }
        return at;
    }
}
