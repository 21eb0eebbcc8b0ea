package dev.intaglio.assembly.diagnostic;

/**
 * A stretch of a stencil's text: {@code start} inclusive, {@code end} exclusive, both offsets in chars from the first char
 * of the text (for a stencil: of the annotation's value, after the compiler stripped a text block's indent).
 */
public record Span(int start, int end) {
    public Span {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("span " + start + ".." + end);
        }
    }

    public static Span at(int offset) {
        return new Span(offset, offset + 1);
    }

    /** The smallest span that covers this one and the other. */
    public Span to(Span other) {
        return new Span(Math.min(start, other.start), Math.max(end, other.end));
    }
}
