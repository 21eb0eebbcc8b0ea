package dev.intaglio.processor.write;

/** Java source text under construction, one statement or block brace a line; long lines are broken. */
final class Source {
    /** A method's body stands eight columns in. */
    private static final int WIDTH = 120 - 8;

    private static final String CONTINUATION = " ".repeat(8);

    private final StringBuilder text = new StringBuilder();
    private int depth;

    Source line(String line) {
        String indent = "    ".repeat(depth);
        String rest = indent + line;
        while (rest.length() > WIDTH && rest.indexOf('\'') < 0 && !rest.contains("//")) {
            int at = lastBreak(rest, indent.length() + CONTINUATION.length());
            if (at < 0) {
                break;
            }
            text.append(rest, 0, at).append('\n');
            rest = indent + CONTINUATION + rest.substring(at + 1);
        }
        text.append(rest).append('\n');
        return this;
    }

    /** The last space within the width that follows a comma or precedes an operator, outside of strings. */
    private static int lastBreak(String line, int from) {
        int found = -1;
        boolean inString = false;
        for (int i = 1; i < Math.min(line.length() - 1, WIDTH); i++) {
            char c = line.charAt(i);
            if (c == '"' && line.charAt(i - 1) != '\\') {
                inString = !inString;
            }
            boolean isBreak = c == ' ' && (line.charAt(i - 1) == ',' || line.startsWith(" | ", i));
            if (!inString && i > from && isBreak) {
                found = i;
            }
        }
        return found;
    }

    /** A line as its author wrote it. */
    Source raw(String line) {
        text.append("    ".repeat(depth)).append(line).append('\n');
        return this;
    }

    Source open(String line) {
        line(line);
        depth++;
        return this;
    }

    Source middle(String line) {
        depth--;
        line(line);
        depth++;
        return this;
    }

    Source close() {
        depth--;
        return line("}");
    }

    void indent(int change) {
        depth = Math.max(0, depth + change);
    }

    boolean isEmpty() {
        return text.isEmpty();
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
