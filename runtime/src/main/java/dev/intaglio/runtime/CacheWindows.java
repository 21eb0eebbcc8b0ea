package dev.intaglio.runtime;

import dev.intaglio.runtime.memory.CodeMemory;
import dev.intaglio.runtime.memory.MemoryRefusedException;
import dev.intaglio.runtime.memory.Region;
import dev.intaglio.runtime.memory.Window;
import dev.intaglio.runtime.memory.Windows;
import java.util.Optional;
import java.util.Set;

/** The windows of a cache's memory, for which the client is asked to make room before they are refused. */
final class CacheWindows implements Windows {
    /** So often a client may say that there is room when there is none. */
    private static final int MOST_ATTEMPTS = 100;

    /** Milliseconds; the sum of all pauses is less than twice that. */
    private static final long LONGEST_PAUSE = 256;

    private final CodeCache cache;
    private final CodeMemory memory;
    private final Optional<Eviction> eviction;

    /** What a collection did not free. */
    private volatile Set<Code> uncollected = Set.of();

    CacheWindows(CodeCache cache, CodeMemory memory, Optional<Eviction> eviction) {
        this.cache = cache;
        this.memory = memory;
        this.eviction = eviction;
    }

    @Override
    public Optional<Window> acquire(Region region, int bytes) {
        Optional<Window> window = collected(attempt(region, bytes), region, bytes, eviction.isEmpty());
        if (eviction.isEmpty()) {
            return window;
        }
        for (int n = 0; n < MOST_ATTEMPTS && isShort(window, bytes); n++) {
            window.ifPresent(memory::release);
            boolean more = eviction.get().makeRoom(cache, region, bytes);
            boolean isLast = !more || n == MOST_ATTEMPTS - 1;
            window = collected(attempt(region, bytes), region, bytes, isLast);
            if (!more) {
                break;
            }
        }
        return window;
    }

    /**
     * A window that is too small again, behind a collection, if closed code waits for one: so much of it as is wanted or, where nobody
     * makes more room, any. As for the native memory of buffers, the JVM is given some time to tell what it found; what was not
     * free then nobody asks for again.
     */
    private Optional<Window> collected(Optional<Window> found, Region region, int bytes, boolean isLast) {
        if (!isShort(found, bytes)) {
            return found;
        }
        long waiting = cache.awaitingCollector(region, uncollected);
        if (waiting == 0 || waiting < bytes && !isLast) {
            return found;
        }
        System.gc();
        Optional<Window> window = found;
        for (long millis = 1; isShort(window, bytes) && millis <= LONGEST_PAUSE && pause(millis); millis *= 2) {
            window.ifPresent(memory::release);
            window = attempt(region, bytes);
        }
        uncollected = cache.awaitingCollector();
        return window;
    }

    private static boolean pause(long millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Optional<Window> attempt(Region region, int bytes) {
        try {
            return memory.acquire(region, bytes);
        } catch (MemoryRefusedException e) {
            throw new CodeBufferException(e);
        }
    }

    /** What follows a piece in its window; nothing rather than less than wanted where there can be more room. */
    Optional<Window> next(Window window, int length, int wanted) {
        Optional<Window> next = memory.next(window, length, wanted);
        if (isShort(next, wanted)
                && (eviction.isPresent() || cache.awaitingCollector(window.region(), uncollected) > 0)) {
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

    @Override
    public Window trim(Window window, int bytes) {
        return memory.trim(window, bytes);
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
