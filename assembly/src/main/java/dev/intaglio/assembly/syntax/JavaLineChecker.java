package dev.intaglio.assembly.syntax;

import com.github.javaparser.JavaParser;
import com.github.javaparser.ParseResult;
import com.github.javaparser.ParserConfiguration;
import com.github.javaparser.Problem;
import com.github.javaparser.ast.stmt.BlockStmt;
import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.ir.Line;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks that a stencil's Java lines are statements, with a block in place of the assembly between them, as the emitter will
 * have it. Otherwise the mistake would come to light in the generated class only. Names and types are left to javac.
 */
final class JavaLineChecker {
    private static final Pattern FOUND = Pattern.compile("(?:Found|unexpected token:)\\s+\"([^\"]+)\"");

    private JavaLineChecker() {}

    static void check(List<Line> lines, Diagnostics diagnostics) {
        StringBuilder text = new StringBuilder("{");
        List<Line.Java> rows = new ArrayList<>();
        Set<Line.Java> beforeBadLines = new HashSet<>();
        boolean isAssembly = false;
        for (Line line : lines) {
            if (line instanceof Line.BadLine && !rows.isEmpty()) {
                beforeBadLines.add(rows.get(rows.size() - 1));
            }
            if (line instanceof Line.Java java) {
                text.append('\n').append(java.source());
                rows.add(java);
                isAssembly = false;
            } else if (!isAssembly) {
                text.append(" {}");
                isAssembly = true;
            }
        }
        text.append("\n}");
        if (!rows.isEmpty() && !SimpleJava.isBlock(text.toString())) {
            check(text.toString(), rows, beforeBadLines, diagnostics)
                    .ifPresent(block -> CapturedVariables.check(block, rows, lines, diagnostics));
        }
    }

    /** The block, where it is one. */
    private static Optional<BlockStmt> check(
            String text, List<Line.Java> rows, Set<Line.Java> beforeBadLines, Diagnostics diagnostics) {
        JavaParser parser = new JavaParser(new ParserConfiguration()
                .setLanguageLevel(ParserConfiguration.LanguageLevel.JAVA_17)
                .setTabSize(1));
        ParseResult<BlockStmt> result;
        try {
            result = parser.parseBlock(text);
        } catch (StackOverflowError tooDeep) {
            diagnostics.report(DiagnosticCode.BAD_JAVA, rows.get(0).span(), "this Java is nested too deeply");
            return Optional.empty();
        }
        // What follows the first mistake is mostly its consequence.
        result.getProblems().stream()
                .findFirst()
                .ifPresent(problem -> report(problem, text, rows, beforeBadLines, diagnostics));
        return result.isSuccessful() ? result.getResult() : Optional.empty();
    }

    private static void report(
            Problem problem,
            String text,
            List<Line.Java> rows,
            Set<Line.Java> beforeBadLines,
            Diagnostics diagnostics) {
        String[] lines = text.split("\n", -1);
        var understood = problem.getLocation().flatMap(range -> range.getBegin().getRange());
        int line = understood.map(range -> range.begin.line - 1).orElse(lines.length - 1);
        int column = understood.map(range -> range.begin.column - 1).orElse(0);
        Matcher found = FOUND.matcher(problem.getMessage());
        Optional<String> word = found.find() ? Optional.of(found.group(1)) : Optional.empty();
        // The parser names the word that it did not expect, and the place of the last that it did.
        int at = word.isPresent() ? lines[line].indexOf(word.get(), column) : column;
        boolean isBehindAssembly = line == 0
                || line <= rows.size() && column >= rows.get(line - 1).source().length();
        while (at < 0 && line + 1 < lines.length && (isBehindAssembly || !isFollowedByAssembly(line, rows, lines))) {
            line++;
            at = lines[line].indexOf(word.orElseThrow());
            isBehindAssembly = false;
        }
        boolean isMissing = at < 0
                || line == 0
                || line > rows.size()
                || at >= rows.get(line - 1).source().length();
        Line.Java row = rows.get(Math.min(Math.max(line, 1), rows.size()) - 1);
        int end = row.span().end();
        if (isMissing && beforeBadLines.contains(row)) {
            return; // the line behind is reported, and may be what is missing here
        }
        if (isMissing) {
            diagnostics.report(
                    DiagnosticCode.BAD_JAVA,
                    Span.at(Math.max(row.span().start(), end - 1)),
                    "the Java of this stencil is not complete behind this line",
                    "end each statement with ; and close each {");
            return;
        }
        int start = Math.min(row.span().start() + at, end - 1);
        diagnostics.report(
                DiagnosticCode.BAD_JAVA,
                new Span(start, Math.min(end, start + word.map(String::length).orElse(1))),
                word.map(some -> "Java does not expect '" + some + "' here").orElse("this is no Java statement"),
                "lines without | are Java statements; assembly begins with |");
    }

    /** Whether the block that stands for assembly ends a line of the text. */
    private static boolean isFollowedByAssembly(int line, List<Line.Java> rows, String[] lines) {
        return line == 0
                ? lines[0].length() > 1
                : line <= rows.size()
                        && lines[line].length() > rows.get(line - 1).source().length();
    }
}
