package dev.intaglio.runtime.memory;

import java.util.Optional;

/**
 * Windows at made-up addresses with no memory behind them, for linking code that is only looked at: each section has a
 * fixed 16 MiB, in the order in which they are asked for.
 */
public final class DetachedWindows implements Windows {
    private static final int STEP = 16 << 20;
    private static final long SPAN = 64L * STEP;

    private final long base;
    private long next;

    /** Windows from {@code base} upwards. */
    public DetachedWindows(long base) {
        this.base = base;
        this.next = base;
    }

    @Override
    public Optional<Window> acquire(Region region, int bytes) {
        if (next >= base + SPAN) {
            return Optional.empty();
        }
        Window window = new Window(region, next, STEP);
        next += STEP;
        return Optional.of(window);
    }

    @Override
    public Optional<Window> extend(Window window, int bytes) {
        return bytes <= window.size() ? Optional.of(window) : Optional.empty();
    }

    @Override
    public Window trim(Window window, int bytes) {
        return window;
    }

    @Override
    public void release(Window window) {
        // The addresses are made up; nothing is held.
    }

    @Override
    public long reachLow() {
        return base + SPAN + Integer.MIN_VALUE;
    }

    @Override
    public long reachHigh() {
        return base + Integer.MAX_VALUE;
    }
}
