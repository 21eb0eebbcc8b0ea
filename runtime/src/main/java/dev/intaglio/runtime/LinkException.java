package dev.intaglio.runtime;

/** The emitted code cannot be linked: a label was never bound, or lies out of reach of the field that names it. */
public final class LinkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LinkException(String message) {
        super(message);
    }
}
