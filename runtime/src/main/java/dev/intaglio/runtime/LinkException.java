package dev.intaglio.runtime;

/**
 * The emitted code cannot be linked: a label was never bound, or lies out of reach of the field that names it, cold code was emitted behind
 * the jumps that an earlier link wrote, or a stencil needs a frame that none makes. Thrown by link and commit, and by a stencil whose label
 * is bound and out of reach.
 */
public final class LinkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LinkException(String message) {
        super(message);
    }
}
