package dev.intaglio.peephole;

/** A rule file that cannot be read; the message has file, line, column, the line itself and a caret. */
public final class RuleSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RuleSyntaxException(String message) {
        super(message);
    }
}
