package dev.intaglio.processor.resolve;

import dev.intaglio.assembly.diagnostic.Span;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The text of a stencil and where it stands.
 *
 * @param fileName simple name of the source file
 * @param fileLines the line in the file, counted from 1, of each of the text's lines; empty where that is not known, and lines
 *     are then counted from the text's own first
 * @param value the text
 */
public record StencilText(String fileName, List<Integer> fileLines, String value) {
    public StencilText {
        fileLines = List.copyOf(fileLines);
    }

    /** A text whose lines stand one below the other, from a line of the file on. */
    public StencilText(String fileName, int firstLine, String value) {
        this(
                fileName,
                IntStream.range(firstLine, firstLine + value.split("\n", -1).length)
                        .boxed()
                        .toList(),
                value);
    }

    /** Whether {@link #fileLine} tells lines of the file. */
    public boolean knowsFileLines() {
        return !fileLines.isEmpty();
    }

    /** The line in the file of an offset (in the text, where the file's lines are not known). */
    public int fileLine(int offset) {
        int index = lineIndex(offset);
        return index < fileLines.size() ? fileLines.get(index) : index + 1;
    }

    /** The line of an offset within the text, counted from 0. */
    public int lineIndex(int offset) {
        int end = Math.min(offset, value.length());
        return (int) value.substring(0, end).chars().filter(c -> c == '\n').count();
    }

    /** The column of an offset within its line, counted from 0. */
    public int column(int offset) {
        int end = Math.min(offset, value.length());
        return end - (value.lastIndexOf('\n', end - 1) + 1);
    }

    /** The whole line that holds an offset. */
    public String lineOf(int offset) {
        return value.split("\n", -1)[lineIndex(offset)];
    }

    /** The chars of a span. */
    public String text(Span span) {
        return value.substring(Math.min(span.start(), value.length()), Math.min(span.end(), value.length()));
    }
}
