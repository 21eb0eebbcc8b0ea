package dev.intaglio.runtime;

/** A buffer's window of the code cache is exhausted, or the cache has no room for a window. */
public final class CodeBufferException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CodeBufferException(String message) {
        super(message);
    }
}
