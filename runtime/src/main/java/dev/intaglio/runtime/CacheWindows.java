package dev.intaglio.runtime;

import dev.intaglio.runtime.memory.CodeMemory;
import dev.intaglio.runtime.memory.MemoryRefusedException;
import dev.intaglio.runtime.memory.Region;
import dev.intaglio.runtime.memory.Window;
import dev.intaglio.runtime.memory.Windows;
import java.util.Optional;

/** The windows of a cache's memory, for which the client is asked to make room before they are refused. */
final class CacheWindows implements Windows {
    /** So often a client may say that there is room when there is none. */
    private static final int MOST_ATTEMPTS = 100;

    private final CodeCache cache;
    private final CodeMemory memory;
    private final Optional<Eviction> eviction;

    CacheWindows(CodeCache cache, CodeMemory memory, Optional<Eviction> eviction) {
        this.cache = cache;
        this.memory = memory;
        this.eviction = eviction;
    }

    @Override
    public Optional<Window> acquire(Region region, int bytes) {
        Optional<Window> window = attempt(region, bytes);
        if (eviction.isEmpty()) {
            return window;
        }
        for (int n = 0; n < MOST_ATTEMPTS && isShort(window, bytes); n++) {
            window.ifPresent(memory::release);
            boolean more = eviction.get().makeRoom(cache, region, bytes);
            window = attempt(region, bytes);
            if (!more) {
                break;
            }
        }
        return window;
    }

    private Optional<Window> attempt(Region region, int bytes) {
        try {
            return memory.acquire(region, bytes);
        } catch (MemoryRefusedException e) {
            throw new CodeBufferException(e);
        }
    }

    /** What follows a piece in its window; nothing rather than less than wanted where the client can make room. */
    Optional<Window> next(Window window, int length, int wanted) {
        Optional<Window> next = memory.next(window, length, wanted);
        if (eviction.isPresent() && isShort(next, wanted)) {
            next.ifPresent(memory::release);
            return Optional.empty();
        }
        return next;
    }

    private static boolean isShort(Optional<Window> window, int bytes) {
        return window.isEmpty() || window.get().size() < bytes;
    }

    @Override
    public Optional<Window> extend(Window window, int bytes) {
        try {
            return memory.extend(window, bytes);
        } catch (MemoryRefusedException e) {
            throw new CodeBufferException(e);
        }
    }

    /** Maps memory for the head of a window. */
    void prepare(Window window, int length) {
        try {
            memory.prepare(window, length);
        } catch (MemoryRefusedException e) {
            throw new CodeBufferException(e);
        }
    }

    @Override
    public void release(Window window) {
        memory.release(window);
    }

    @Override
    public long reachLow() {
        return memory.reachLow();
    }

    @Override
    public long reachHigh() {
        return memory.reachHigh();
    }
}
