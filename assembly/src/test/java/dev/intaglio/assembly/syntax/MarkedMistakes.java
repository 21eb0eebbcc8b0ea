package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.diagnostic.Diagnostic;
import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.ir.Scope;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** A stencil's text with a line of carets, code, message and remedy under each place where a mistake is reported. */
final class MarkedMistakes {
    private MarkedMistakes() {}

    static String withoutMarks(String marked) {
        return marked.lines()
                .filter(line -> !line.strip().startsWith("^"))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    static String mark(String text, Scope scope, ParserOptions options) {
        Diagnostics diagnostics = new Diagnostics();
        StencilParser.parse(text, scope, options, diagnostics);
        List<Diagnostic> all = diagnostics.all().stream()
                .sorted(Comparator.comparingInt(diagnostic -> diagnostic.span().start()))
                .toList();
        StringBuilder marked = new StringBuilder();
        int start = 0;
        for (String line : text.split("\n", -1)) {
            int end = start + line.length();
            marked.append(line).append('\n');
            for (Diagnostic diagnostic : all) {
                int at = diagnostic.span().start();
                if (at >= start && at <= end) {
                    int length = Math.max(1, Math.min(diagnostic.span().end(), end) - at);
                    marked.append(" ".repeat(at - start))
                            .append("^".repeat(length))
                            .append(' ')
                            .append(diagnostic.toString().replace("\n", " / "))
                            .append('\n');
                }
            }
            start = end + 1;
        }
        return marked.toString().strip();
    }
}
