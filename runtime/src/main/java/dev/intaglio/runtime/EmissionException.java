package dev.intaglio.runtime;

/** A value given to a stencil cannot be encoded; nothing of the stencil was written. */
public final class EmissionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EmissionException(String message) {
        super(message);
    }
}
