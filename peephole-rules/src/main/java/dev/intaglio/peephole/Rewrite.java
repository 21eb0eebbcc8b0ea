package dev.intaglio.peephole;

import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.ir.Line;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One application of a rule.
 *
 * @param rule the rule's name
 * @param before the lines that stood there
 * @param after the lines that stand there now, perhaps none
 * @param span the place of the lines before in the stencil's text
 */
public record Rewrite(String rule, List<Line> before, List<Line> after, Span span) {
    public Rewrite {
        before = List.copyOf(before);
        after = List.copyOf(after);
    }

    /** {@code zero-idiom: mov eax, 0 => xor eax, eax}. */
    @Override
    public String toString() {
        return rule + ": " + text(before) + " => " + (after.isEmpty() ? "(nothing)" : text(after));
    }

    private static String text(List<Line> lines) {
        return lines.stream().map(Line::toString).collect(Collectors.joining("; "));
    }
}
