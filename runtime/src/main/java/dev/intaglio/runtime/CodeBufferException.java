package dev.intaglio.runtime;

import dev.intaglio.runtime.memory.MemoryRefusedException;

/**
 * There is no room for a piece: a buffer's window of the code cache is exhausted, the cache has no room for a window, or the system
 * grants the cache no more of the memory that is reserved for it. The message tells which, and what can be done.
 */
public final class CodeBufferException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CodeBufferException(String message) {
        super(message);
    }

    CodeBufferException(MemoryRefusedException refusal) {
        super(refusal.getMessage(), refusal);
    }
}
