package dev.intaglio.processor.source;

import java.util.Arrays;
import java.util.Optional;

/**
 * The value of a string literal or text block, and for each of its chars the offset in the file that it came from. It follows
 * the Java Language Specification, 3.3, 3.10.6 and 3.10.7: incidental white space is stripped, then escapes are interpreted.
 */
public final class TextBlockMap {
    private static final String QUOTES = "\"\"\"";

    private final String value;
    private final int[] offsets;

    private TextBlockMap(String value, int[] offsets) {
        this.value = value;
        this.offsets = offsets;
    }

    /**
     * Reads the literal that begins at an offset of a file.
     *
     * @return empty where no literal begins there or it is not closed
     */
    public static Optional<TextBlockMap> at(CharSequence file, int offset) {
        String text = file.toString();
        if (text.startsWith(QUOTES, offset)) {
            return textBlock(text, offset + QUOTES.length());
        }
        return offset < text.length() && text.charAt(offset) == '"' ? literal(text, offset + 1) : Optional.empty();
    }

    /** The literal's value. */
    public String value() {
        return value;
    }

    /** The offset in the file of a char of the value; behind its end, that of the literal's end. */
    public int fileOffset(int index) {
        return offsets[Math.min(index, offsets.length - 1)];
    }

    private static Optional<TextBlockMap> literal(String file, int start) {
        int end = start;
        while (end < file.length() && file.charAt(end) != '"' && file.charAt(end) != '\n') {
            end += file.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= file.length() || file.charAt(end) != '"') {
            return Optional.empty();
        }
        return Optional.of(raw(file, start, end).unescaped(end));
    }

    private static Optional<TextBlockMap> textBlock(String file, int start) {
        int content = start;
        while (content < file.length() && file.charAt(content) != '\n' && file.charAt(content) != '\r') {
            content++;
        }
        content += file.startsWith("\r\n", content) ? 2 : 1;
        int end = content;
        while (end < file.length() && !file.startsWith(QUOTES, end)) {
            end += file.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= file.length()) {
            return Optional.empty();
        }
        return Optional.of(raw(file, content, end).stripped().unescaped(end));
    }

    /** The chars between the delimiters: line ends are {@code \n}, Unicode escapes are translated (3.3, 3.10.6). */
    private static Builder raw(String file, int start, int end) {
        Builder raw = new Builder();
        int i = start;
        while (i < end) {
            char c = file.charAt(i);
            int at = i++;
            if (c == '\r') {
                i += i < end && file.charAt(i) == '\n' ? 1 : 0;
                c = '\n';
            } else if (c == '\\' && i < end && file.charAt(i) == 'u') {
                while (i < end && file.charAt(i) == 'u') {
                    i++;
                }
                c = (char) Integer.parseInt(file.substring(i, i + 4), 16);
                i += 4;
            } else if (c == '\\' && i < end && file.charAt(i) == '\\') {
                raw.add(c, at);
                at = i++;
            }
            raw.add(c, at);
        }
        return raw;
    }

    /** Chars with their offsets, growing. */
    private static final class Builder {
        private final StringBuilder chars = new StringBuilder();
        private int[] offsets = new int[64];

        void add(char c, int offset) {
            if (chars.length() == offsets.length) {
                offsets = Arrays.copyOf(offsets, 2 * offsets.length);
            }
            offsets[chars.length()] = offset;
            chars.append(c);
        }

        /** Without the indent that all significant lines share, and without white space at the ends of lines. */
        Builder stripped() {
            String[] lines = chars.toString().split("\n", -1);
            int indent = Integer.MAX_VALUE;
            for (int i = 0; i < lines.length; i++) {
                boolean last = i == lines.length - 1;
                if (!lines[i].isBlank() || last) {
                    int white = 0;
                    while (white < lines[i].length() && Character.isWhitespace(lines[i].charAt(white))) {
                        white++;
                    }
                    indent = Math.min(indent, white);
                }
            }
            Builder result = new Builder();
            int at = 0;
            for (int i = 0; i < lines.length; i++) {
                int end = lines[i].length();
                while (end > 0 && Character.isWhitespace(lines[i].charAt(end - 1))) {
                    end--;
                }
                for (int j = Math.min(indent, end); j < end; j++) {
                    result.add(lines[i].charAt(j), offsets[at + j]);
                }
                at += lines[i].length();
                if (i < lines.length - 1) {
                    result.add('\n', offsets[at++]);
                }
            }
            return result;
        }

        TextBlockMap unescaped(int end) {
            Builder result = new Builder();
            int i = 0;
            while (i < chars.length()) {
                char c = chars.charAt(i);
                if (c != '\\' || i + 1 == chars.length()) {
                    result.add(c, offsets[i++]);
                    continue;
                }
                int start = i;
                char escaped = chars.charAt(i + 1);
                i += 2;
                switch (escaped) {
                    case 'b' -> result.add('\b', offsets[start]);
                    case 't' -> result.add('\t', offsets[start]);
                    case 'n' -> result.add('\n', offsets[start]);
                    case 'f' -> result.add('\f', offsets[start]);
                    case 'r' -> result.add('\r', offsets[start]);
                    case 's' -> result.add(' ', offsets[start]);
                    case '\n' -> {} // the line goes on
                    default -> {
                        if (escaped >= '0' && escaped <= '7') {
                            int digits = escaped <= '3' ? 3 : 2;
                            int value = 0;
                            i = start + 1;
                            while (i < chars.length()
                                    && i < start + 1 + digits
                                    && chars.charAt(i) >= '0'
                                    && chars.charAt(i) <= '7') {
                                value = value * 8 + chars.charAt(i++) - '0';
                            }
                            result.add((char) value, offsets[start]);
                        } else {
                            result.add(escaped, offsets[start]);
                        }
                    }
                }
            }
            int[] all = Arrays.copyOf(result.offsets, result.chars.length() + 1);
            all[result.chars.length()] = end;
            return new TextBlockMap(result.chars.toString(), all);
        }
    }
}
