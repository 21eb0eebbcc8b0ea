package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.diagnostic.Span;
import java.util.Arrays;

/** A piece of source in which each char knows the place it came from, so that substitutions keep exact places. */
final class Text {
    static final Text EMPTY = at("", 0);

    private final String chars;
    private final int[] starts;
    private final int[] ends;
    private final int end;

    private Text(String chars, int[] starts, int[] ends, int end) {
        this.chars = chars;
        this.starts = starts;
        this.ends = ends;
        this.end = end;
    }

    /** A piece that lies as it is at {@code offset} of the source. */
    static Text at(String chars, int offset) {
        int[] starts = new int[chars.length()];
        int[] ends = new int[chars.length()];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = offset + i;
            ends[i] = offset + i + 1;
        }
        return new Text(chars, starts, ends, offset + chars.length());
    }

    /** Chars that replace others: all of them stand at the place of what they replace. */
    static Text replacing(String chars, Span place) {
        int[] starts = new int[chars.length()];
        int[] ends = new int[chars.length()];
        Arrays.fill(starts, place.start());
        Arrays.fill(ends, place.end());
        return new Text(chars, starts, ends, place.end());
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
                Arrays.copyOfRange(starts, start, stop),
                Arrays.copyOfRange(ends, start, stop),
                stop < starts.length ? starts[stop] : end);
    }

    Text strip() {
        int start = leadingBlanks();
        int stop = chars.length();
        while (stop > start && Character.isWhitespace(chars.charAt(stop - 1))) {
            stop--;
        }
        return slice(start, stop);
    }

    int leadingBlanks() {
        int start = 0;
        while (start < chars.length() && Character.isWhitespace(chars.charAt(start))) {
            start++;
        }
        return start;
    }

    Text plus(Text other) {
        return new Text(chars + other.chars, join(starts, other.starts), join(ends, other.ends), other.end);
    }

    private static int[] join(int[] left, int[] right) {
        int[] joined = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, joined, left.length, right.length);
        return joined;
    }

    /** The place of all of it; of its end where it is empty. */
    Span span() {
        return span(0, chars.length());
    }

    /** The place of the chars from {@code start} to {@code stop}; the point behind the text where there are none. */
    Span span(int start, int stop) {
        if (start >= starts.length) {
            return new Span(end, end);
        }
        int first = starts[start];
        int last = ends[start];
        for (int i = start + 1; i < Math.min(stop, starts.length); i++) {
            first = Math.min(first, starts[i]);
            last = Math.max(last, ends[i]);
        }
        return new Span(first, last);
    }

    @Override
    public String toString() {
        return chars;
    }
}
