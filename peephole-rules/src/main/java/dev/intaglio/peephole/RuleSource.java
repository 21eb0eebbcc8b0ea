package dev.intaglio.peephole;

import java.util.List;

/** A rule file's text, which knows how to point at a place in it. */
record RuleSource(String file, List<String> lines) {
    RuleSource {
        lines = List.copyOf(lines);
    }

    static RuleSource of(String file, String text) {
        return new RuleSource(file, text.lines().toList());
    }

    /** {@code file:line:column: message}, the line, and a caret under the column (both counted from 1). */
    String complaint(int line, int column, String message) {
        String text = line <= lines.size() ? lines.get(line - 1) : "";
        return file + ":" + line + ":" + column + ": " + message + "\n" + text + "\n" + " ".repeat(column - 1) + "^";
    }

    /** A complaint that points at the first visible column of a line. */
    String complaint(int line, String message) {
        String text = line <= lines.size() ? lines.get(line - 1) : "";
        int column = 1 + text.length() - text.stripLeading().length();
        return complaint(line, column, message);
    }
}
