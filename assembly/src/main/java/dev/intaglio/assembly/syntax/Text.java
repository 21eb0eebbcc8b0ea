package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.diagnostic.Span;
import java.util.Arrays;

/** A piece of source in which each char knows the offset it came from, so that substitutions keep exact places. */
final class Text {
    private final String chars;
    private final int[] offsets;
    private final int end;

    private Text(String chars, int[] offsets, int end) {
        this.chars = chars;
        this.offsets = offsets;
        this.end = end;
    }

    /** A piece that lies as it is at {@code offset} of the source. */
    static Text at(String chars, int offset) {
        int[] offsets = new int[chars.length()];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = offset + i;
        }
        return new Text(chars, offsets, offset + chars.length());
    }

    /** Chars that replace others: all of them stand at the place of what they replace. */
    static Text replacing(String chars, Span place) {
        int[] offsets = new int[chars.length()];
        Arrays.fill(offsets, place.start());
        return new Text(chars, offsets, place.end());
    }

    String chars() {
        return chars;
    }

    int length() {
        return chars.length();
    }

    boolean isBlank() {
        return chars.isBlank();
    }

    char at(int index) {
        return index < chars.length() ? chars.charAt(index) : 0;
    }

    boolean startsWith(String prefix) {
        return chars.startsWith(prefix);
    }

    Text from(int start) {
        return slice(start, chars.length());
    }

    Text slice(int start, int stop) {
        return new Text(
                chars.substring(start, stop),
                Arrays.copyOfRange(offsets, start, stop),
                stop < offsets.length ? offsets[stop] : end);
    }

    Text strip() {
        int start = 0;
        int stop = chars.length();
        while (start < stop && Character.isWhitespace(chars.charAt(start))) {
            start++;
        }
        while (stop > start && Character.isWhitespace(chars.charAt(stop - 1))) {
            stop--;
        }
        return slice(start, stop);
    }

    Text plus(Text other) {
        int[] joined = Arrays.copyOf(offsets, offsets.length + other.offsets.length);
        System.arraycopy(other.offsets, 0, joined, offsets.length, other.offsets.length);
        return new Text(chars + other.chars, joined, other.end);
    }

    /** The place of all of it; of its end where it is empty. */
    Span span() {
        return span(0, chars.length());
    }

    Span span(int start, int stop) {
        if (start >= offsets.length) {
            return Span.at(Math.max(0, offsets.length == 0 ? end : offsets[offsets.length - 1] + 1));
        }
        int first = offsets[start];
        int last = offsets[Math.max(start, Math.min(stop, offsets.length) - 1)] + 1;
        return new Span(first, Math.max(last, first));
    }

    @Override
    public String toString() {
        return chars;
    }
}
