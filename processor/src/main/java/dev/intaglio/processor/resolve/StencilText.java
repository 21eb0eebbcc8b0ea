package dev.intaglio.processor.resolve;

import dev.intaglio.assembly.diagnostic.Span;

/**
 * The text of a stencil and where it stands.
 *
 * @param fileName simple name of the source file
 * @param firstLine the line in the file of the text's first line, counted from 1; 0 where it is not known, and lines are then
 *     counted from the text's own first
 * @param value the text
 */
public record StencilText(String fileName, int firstLine, String value) {
    /** The line in the file of an offset (in the text, where the file's lines are not known). */
    public int fileLine(int offset) {
        return Math.max(firstLine, 1) + lineIndex(offset);
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
