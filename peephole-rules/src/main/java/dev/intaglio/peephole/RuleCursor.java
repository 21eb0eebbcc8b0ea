package dev.intaglio.peephole;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads along one line of a rule file, and points at the column where something is wrong. */
final class RuleCursor {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*(-[A-Za-z0-9_]+)*");
    private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern NUMBER = Pattern.compile("-?(0x[0-9A-Fa-f]+|[0-9]+)");

    private final RuleSource source;
    private final int line;
    private final String text;
    private int position;

    RuleCursor(RuleSource source, int line) {
        this.source = source;
        this.line = line;
        String whole = line <= source.lines().size() ? source.lines().get(line - 1) : "";
        // A comment behind a line; no rule line has another use for '#'.
        this.text = whole.contains("#") ? whole.substring(0, whole.indexOf('#')) : whole;
        skipSpace();
    }

    int position() {
        return position;
    }

    boolean atEnd() {
        return position == text.length();
    }

    boolean at(String symbol) {
        return text.startsWith(symbol, position);
    }

    boolean atNumber() {
        return find(NUMBER) != null;
    }

    boolean atWord() {
        return find(WORD) != null;
    }

    /** Passes the symbol if it is next. */
    boolean take(String symbol) {
        if (!at(symbol)) {
            return false;
        }
        position += symbol.length();
        skipSpace();
        return true;
    }

    void expect(String symbol) {
        if (!take(symbol)) {
            throw wrong("expected '" + symbol + "', found " + found());
        }
    }

    void expectWord(String word) {
        int start = position;
        if (!atWord() || !word(word).equals(word)) {
            position = start;
            throw wrong("expected '" + word + "', found " + found());
        }
    }

    void expectEnd() {
        if (!atEnd()) {
            throw wrong("expected the end of the line, found " + found());
        }
    }

    /** A word that may hold dots and hyphens. */
    String name(String what) {
        return next(NAME, what);
    }

    /** A word of letters and digits. */
    String word(String what) {
        return next(WORD, what);
    }

    long number() {
        String digits = next(NUMBER, "a number");
        boolean negative = digits.startsWith("-");
        String positive = negative ? digits.substring(1) : digits;
        long value = positive.startsWith("0x")
                ? Long.parseUnsignedLong(positive.substring(2), 16)
                : Long.parseLong(positive);
        return negative ? -value : value;
    }

    RuleSyntaxException wrong(String message) {
        return wrong(position, message);
    }

    RuleSyntaxException wrong(int column, String message) {
        return new RuleSyntaxException(source.complaint(line, column + 1, message));
    }

    private String next(Pattern pattern, String what) {
        Matcher found = find(pattern);
        if (found == null) {
            throw wrong("expected " + what + ", found " + found());
        }
        position = found.end();
        skipSpace();
        return found.group();
    }

    private Matcher find(Pattern pattern) {
        Matcher matcher = pattern.matcher(text).region(position, text.length());
        return matcher.lookingAt() ? matcher : null;
    }

    private String found() {
        return atEnd() ? "the end of the line" : "'" + text.substring(position).strip() + "'";
    }

    private void skipSpace() {
        while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
            position++;
        }
    }
}
