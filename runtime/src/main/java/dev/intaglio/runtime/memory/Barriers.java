package dev.intaglio.runtime.memory;

import java.util.concurrent.atomic.AtomicLong;

/** Which barriers have begun and which are over, so that one that somebody waited for does for others, too. */
final class Barriers {
    private final AtomicLong begun = new AtomicLong();

    /** The latest to begin of those that are over. */
    private final AtomicLong ended = new AtomicLong();

    /** Tells that one begins; returns its number. */
    long begin() {
        return begun.incrementAndGet();
    }

    /** Tells that it is over. */
    void end(long number) {
        long last = ended.get();
        while (last < number && !ended.compareAndSet(last, number)) {
            last = ended.get();
        }
    }

    /** The moment, for {@link #isOverSince}. */
    long now() {
        return begun.get();
    }

    /** Whether one is over that began behind the moment. */
    boolean isOverSince(long moment) {
        return ended.get() > moment;
    }
}
