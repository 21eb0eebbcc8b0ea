package dev.intaglio.runtime.call;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A thread that calls code which others call as well, and the code that it is inside. It alone stores here, plainly, so that threads which
 * call the same code do not wait for each other's cache lines; who closes code has the kernel put a barrier into every thread
 * and then looks at all callers, as at the owner of a {@link Bound} object.
 */
final class Caller {
    /** Calls within calls; those beyond are counted at their gates. */
    static final int NESTED = 32;

    /** How many calls pass before a thread is likely to be worth it: one that calls a few times and ends is not. */
    private static final int PATIENCE = 16;

    /** Places, by a thread's number; of two living threads with the same place the first has it. */
    private static final Caller[] PLACES = new Caller[1024];

    /** The callers that have a place. */
    private static volatile List<Caller> all = List.of();

    /** The addresses of the code that the thread is inside, the outermost first; they also keep callers on cache lines of their own. */
    final long[] inside = new long[NESTED];

    /** How many of them count. */
    int depth;

    private final Thread thread;
    private final int place;

    private Caller(Thread thread) {
        this.thread = thread;
        place = place(thread);
    }

    /** This thread; null if it has no place. */
    static Caller current() {
        Thread thread = Thread.currentThread();
        Caller caller = PLACES[place(thread)];
        return caller != null && caller.thread == thread ? caller : null;
    }

    private static int place(Thread thread) {
        return (int) thread.getId() & PLACES.length - 1;
    }

    /** Whether to take some pains that later calls need not take; true for one call of many. */
    static boolean isWorthIt() {
        return ThreadLocalRandom.current().nextInt(PATIENCE) == 0;
    }

    /** Gives this thread a place, unless it has one or another thread has it; those of threads that have ended are given up. */
    static synchronized void add() {
        List<Caller> living = new ArrayList<>();
        for (Caller caller : all) {
            if (caller.thread.isAlive()) {
                living.add(caller);
            } else {
                PLACES[caller.place] = null;
            }
        }
        Caller added = new Caller(Thread.currentThread());
        boolean isFree = PLACES[added.place] == null;
        if (isFree) {
            living.add(added);
        }
        all = List.copyOf(living);
        if (isFree) {
            PLACES[added.place] = added; // only now: who is not among all of them must not store
        }
    }

    /** Whether some thread is inside the code at an address; asked once nobody can enter, and behind a barrier. */
    static boolean isAnyInside(long address) {
        for (Caller caller : all) {
            for (int i = Math.min(caller.depth, NESTED); i > 0; i--) {
                if (caller.inside[i - 1] == address) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Does for all callers what the barrier does, as {@link Bound#stopCallers}. */
    static void stopAll() {
        for (Caller caller : all) {
            caller.thread.getStackTrace();
        }
    }
}
