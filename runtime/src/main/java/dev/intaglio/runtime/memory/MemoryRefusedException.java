package dev.intaglio.runtime.memory;

/** The system grants no executable memory, or no more of it; the message says why and what can be done. */
public final class MemoryRefusedException extends UnsupportedOperationException {
    private static final long serialVersionUID = 1L;

    MemoryRefusedException(String message) {
        super(message);
    }

    MemoryRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
