package dev.intaglio.runtime.call;

import java.lang.invoke.VarHandle;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A thread that calls code which others call as well, and the gates that it is inside. Only that thread stores here, plainly, so that
 * threads which call the same code do not wait for each other's cache lines; whoever closes a gate has the kernel put a barrier into every
 * thread and then looks at all callers, as at the owner of a {@link Bound} object.
 */
final class Caller {
    /** So many calls within calls are noted here; those beyond are counted at their gates. */
    static final int NESTED = 32;

    /** How many calls it takes, on average, before a thread gets a place: one that calls a few times and ends needs none. */
    private static final int PATIENCE = 16;

    private static final int PLACE_BITS = 10;

    /** Each thread may have one of two places, by its number; where living threads have both, its calls are counted. */
    private static final Caller[] PLACES = new Caller[1 << PLACE_BITS];

    /**
     * How many calls the thread is inside, then their gates' numbers, the outermost first: in one array, since stores to one array
     * keep their order. It also keeps callers on cache lines of their own.
     */
    final long[] calls = new long[1 + NESTED];

    private final Thread thread;

    private Caller(Thread thread) {
        this.thread = thread;
    }

    /** This thread; null if it has no place. */
    static Caller current() {
        Thread thread = Thread.currentThread();
        Caller caller = PLACES[first(thread)];
        if (caller == null || caller.thread != thread) {
            caller = PLACES[second(thread)];
            if (caller == null || caller.thread != thread) {
                return null;
            }
        }
        return caller;
    }

    private static int first(Thread thread) {
        return (int) thread.getId() & PLACES.length - 1;
    }

    private static int second(Thread thread) {
        return (int) (thread.getId() * 0x9E3779B97F4A7C15L >>> Long.SIZE - PLACE_BITS); // Fibonacci hashing
    }

    /** True for one call of many, which takes some pains so that later ones need not. */
    static boolean isWorthIt() {
        return ThreadLocalRandom.current().nextInt(PATIENCE) == 0;
    }

    /** Gives this thread a place, if one is free. */
    static void add() {
        Thread thread = Thread.currentThread();
        if (current() == null && (isFree(first(thread)) || isFree(second(thread)))) { // else no lock is needed
            add(thread);
        }
    }

    private static synchronized void add(Thread thread) {
        int place = isFree(first(thread)) ? first(thread) : second(thread);
        if (isFree(place)) {
            PLACES[place] = new Caller(thread);
            VarHandle.fullFence(); // a thread must be in its place before it stores
        }
    }

    private static boolean isFree(int place) {
        Caller caller = PLACES[place];
        return caller == null || !caller.thread.isAlive();
    }

    /** Forgets threads that have ended. */
    static synchronized void forgetEnded() {
        for (int i = 0; i < PLACES.length; i++) {
            if (isFree(i)) {
                PLACES[i] = null;
            }
        }
    }

    /** Whether some thread is inside a gate; asked once nobody can enter, and behind a barrier. */
    static boolean isAnyInside(long gate) {
        for (Caller caller : PLACES) {
            if (caller != null && caller.isInside(gate)) {
                return true;
            }
        }
        return false;
    }

    private boolean isInside(long gate) {
        for (int i = (int) calls[0]; i > 0; i--) {
            if (calls[i] == gate) {
                return true;
            }
        }
        return false;
    }
}
