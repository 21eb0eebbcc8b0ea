package dev.intaglio.assembly.table;

/** A mistake in the instruction table: ours, not a user's. */
public final class TableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TableException(int line, String text, int column, String message) {
        super("x86-64.isa:" + line + ":" + (column + 1) + ": " + message + "\n    " + text + "\n    "
                + " ".repeat(column) + "^");
    }
}
