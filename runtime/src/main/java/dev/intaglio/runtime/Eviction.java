package dev.intaglio.runtime;

import dev.intaglio.runtime.memory.Region;

/** What a client does when its code cache is full: close code that is worth less than what comes. */
@FunctionalInterface
public interface Eviction {

    /**
     * Makes room if it can. It is called in the thread whose buffer needs a window, without any lock, possibly in the
     * midst of a stencil: it may close code and buffers and look at {@link CodeCache#statistics}, but not use that buffer.
     *
     * @param cache the cache that is full
     * @param region the part of it that is short
     * @param bytes what the buffer would like to have in one block; a smaller block does if there is no such
     * @return whether to look for room again; false takes what there is, or fails with a {@link CodeBufferException}
     */
    boolean makeRoom(CodeCache cache, Region region, int bytes);
}
