package dev.intaglio.assembly.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Finds separators that stand outside of strings, chars and brackets. */
final class Scanner {
    /** What stands before the type arguments of a call or of a new object; elsewhere {@code <} compares. */
    private static final Pattern TYPE_ARGUMENTS = Pattern.compile("(?s).*(\\.\\s*|\\bnew\\s+[\\w$.]+\\s*)<");

    private Scanner() {}

    /** The index behind a string or char literal that begins at {@code start}; the text's end if it is not closed. */
    static int literalEnd(String text, int start) {
        char quote = text.charAt(start);
        int i = start + 1;
        while (i < text.length() && text.charAt(i) != quote) {
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return Math.min(i + 1, text.length());
    }

    /** The text before a line comment. */
    static Text withoutComment(Text line) {
        String chars = line.chars();
        for (int i = 0; i < chars.length(); i++) {
            char c = chars.charAt(i);
            if (c == '"' || c == '\'') {
                i = literalEnd(chars, i) - 1;
            } else if (c == '/' && line.at(i + 1) == '/') {
                return line.slice(0, i);
            }
        }
        return line;
    }

    /** The pieces between separators at bracket depth 0. */
    static List<Text> split(Text text, char separator) {
        List<Text> pieces = new ArrayList<>();
        int start = 0;
        int next;
        while ((next = find(text, separator, start)) >= 0) {
            pieces.add(text.slice(start, next));
            start = next + 1;
        }
        pieces.add(text.from(start));
        return pieces;
    }

    /** The first place of a char at bracket depth 0 from {@code start} on, or -1. */
    static int find(Text text, char wanted, int start) {
        String chars = text.chars();
        int depth = 0;
        for (int i = start; i < chars.length(); i++) {
            char c = chars.charAt(i);
            if (c == wanted && depth <= 0) {
                return i;
            }
            if (c == '"' || c == '\'') {
                i = literalEnd(chars, i) - 1;
            } else if (c == '<'
                    && TYPE_ARGUMENTS.matcher(chars).region(0, i + 1).matches()) {
                i = typeArgumentsEnd(chars, i);
            } else if (c == '(' || c == '[' || c == '{') {
                depth++;
            } else if (c == ')' || c == ']' || c == '}') {
                depth--;
            }
        }
        return -1;
    }

    /** The index of the {@code >} that closes type arguments; of their {@code <} where none does. */
    private static int typeArgumentsEnd(String chars, int start) {
        int depth = 0;
        for (int i = start; i < chars.length(); i++) {
            char c = chars.charAt(i);
            depth += c == '<' ? 1 : c == '>' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
            if (!isWordPart(c) && "<>,.?[]& ".indexOf(c) < 0) {
                break;
            }
        }
        return start;
    }

    /** The place of a bracket without a partner, if there is one. */
    static OptionalInt unbalanced(Text text) {
        String chars = text.chars();
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < chars.length(); i++) {
            char c = chars.charAt(i);
            if (c == '"' || c == '\'') {
                int end = literalEnd(chars, i);
                if (end - i < 2 || chars.charAt(end - 1) != c) {
                    return OptionalInt.of(i);
                }
                i = end - 1;
            } else if (c == '(' || c == '[' || c == '{') {
                open.add(i);
            } else if (c == ')' || c == ']' || c == '}') {
                char partner = c == ')' ? '(' : c == ']' ? '[' : '{';
                if (open.isEmpty() || chars.charAt(open.get(open.size() - 1)) != partner) {
                    return OptionalInt.of(i);
                }
                open.remove(open.size() - 1);
            }
        }
        return open.isEmpty() ? OptionalInt.empty() : OptionalInt.of(open.get(open.size() - 1));
    }

    static boolean isWordStart(char c) {
        return Character.isJavaIdentifierStart(c) && c != 0;
    }

    static boolean isWordPart(char c) {
        return Character.isJavaIdentifierPart(c) && c != 0;
    }

    /** The index behind the word that begins at {@code start}; {@code start} itself if none does. */
    static int wordEnd(Text text, int start) {
        int i = start;
        if (i < text.length() && isWordStart(text.at(i))) {
            while (i < text.length() && isWordPart(text.at(i))) {
                i++;
            }
        }
        return i;
    }

    /** How deep brackets are nested. */
    static int depth(String chars) {
        int depth = 0;
        int deepest = 0;
        for (int i = 0; i < chars.length(); i++) {
            char c = chars.charAt(i);
            if (c == '"' || c == '\'') {
                i = literalEnd(chars, i) - 1;
            } else if (c == '(' || c == '[' || c == '{') {
                deepest = Math.max(deepest, ++depth);
            } else if (c == ')' || c == ']' || c == '}') {
                depth--;
            }
        }
        return deepest;
    }

    /** The word that begins at {@code start}, or an empty string. */
    static String word(Text text, int start) {
        return text.chars().substring(start, wordEnd(text, start));
    }

    static boolean isName(String word) {
        if (word.isEmpty() || !isWordStart(word.charAt(0))) {
            return false;
        }
        return word.chars().allMatch(c -> isWordPart((char) c));
    }
}
