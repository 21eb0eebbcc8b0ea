package dev.intaglio.processor.write;

/** Java source text under construction, one statement or block brace a line. */
final class Source {
    private final StringBuilder text = new StringBuilder();
    private int depth;

    Source line(String line) {
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
