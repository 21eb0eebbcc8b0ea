package dev.intaglio.runtime;

import dev.intaglio.runtime.memory.CodeMemory;
import dev.intaglio.runtime.memory.MemoryRefusedException;
import dev.intaglio.runtime.memory.Region;
import dev.intaglio.runtime.memory.Window;
import dev.intaglio.runtime.memory.Windows;
import java.lang.ref.WeakReference;
import java.util.Optional;
import java.util.Set;

/**
 * The windows of a cache's memory. Before they are refused the garbage collector is asked to tell which closed code nobody is in, and the
 * client to make room.
 */
final class CacheWindows implements Windows {
    /** So often a client may say that there is room when there is none. */
    private static final int MOST_ATTEMPTS = 100;

    /** Milliseconds; the sum of all pauses is less than twice that. */
    private static final long LONGEST_PAUSE = 64;

    /** Nanoseconds before a collection is asked again for what one has found in use. */
    private static final long PATIENCE = 1_000_000_000;

    private final CodeCache cache;
    private final CodeMemory memory;
    private final Optional<Eviction> eviction;

    /** What collections did not free of what they were asked for, and until when nobody asks again. */
    private volatile Set<Code> inVain = Set.of();

    private volatile long vainUntil = System.nanoTime();

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
     * A window that is too small again, behind a collection where that may free enough: closed code of so many bytes or, where there is no
     * window and nobody makes more room, any. As for the native memory of buffers, the JVM is given some time to tell what it found.
     */
    private Optional<Window> collected(Optional<Window> found, Region region, int bytes, boolean isLast) {
        if (!isShort(found, bytes)) {
            return found;
        }
        Set<Code> asked = collectable();
        long waiting = held(asked, region);
        if (waiting == 0 || waiting < bytes && !(isLast && found.isEmpty())) {
            return found;
        }
        Optional<Window> window = found;
        if (collects()) {
            boolean interrupted = false;
            boolean toldAll = false;
            for (long millis = 1; isShort(window, bytes) && !toldAll && millis <= LONGEST_PAUSE; millis *= 2) {
                toldAll = !waits(asked);
                interrupted |= isInterruptedIn(millis); // also then: what was told may be about to be freed
                window.ifPresent(memory::release);
                window = attempt(region, bytes);
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        asked.addAll(inVain);
        asked.retainAll(cache.awaitingCollector());
        inVain = asked;
        vainUntil = System.nanoTime() + PATIENCE;
        return window;
    }

    /** Closed code that a collection may free: not what one has just found in use. */
    private Set<Code> collectable() {
        Set<Code> waiting = cache.awaitingCollector();
        if (System.nanoTime() - vainUntil < 0) {
            waiting.removeAll(inVain);
        }
        return waiting;
    }

    private static long held(Set<Code> some, Region region) {
        return some.stream().mapToLong(code -> code.held(region)).sum();
    }

    private static boolean waits(Set<Code> asked) {
        return asked.stream().anyMatch(Code::awaitsCollector);
    }

    /** Has the JVM collect; false where it does not on request. */
    private static boolean collects() {
        WeakReference<Object> unreachable = new WeakReference<>(new Object());
        System.gc();
        return unreachable.get() == null;
    }

    private static boolean isInterruptedIn(long millis) {
        try {
            Thread.sleep(millis);
            return false;
        } catch (InterruptedException e) {
            return true;
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
        if (isShort(next, wanted) && (eviction.isPresent() || held(collectable(), window.region()) >= wanted)) {
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
