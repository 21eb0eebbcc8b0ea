package dev.intaglio.runtime;

/**
 * A stencil was refused. Where a value cannot be encoded nothing of the stencil was written. For anything else (a label, an address, a
 * position, a patch site) the piece is incomplete, and commit refuses it until {@link CodeBuffer#reset}.
 */
public final class EmissionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EmissionException(String message) {
        super(message);
    }
}
