package dev.intaglio.runtime.memory;

import java.util.concurrent.CompletableFuture;

/**
 * A barrier for all threads of the process at the cost of the caller alone (membarrier(2)). Each thread has its earlier
 * stores seen, sees the caller's, and runs a serializing instruction before it goes on.
 *
 * <p>The kernel grants it once all cores have been through the scheduler, which takes it 10 to 30 ms. A thread waits for that, so that
 * whoever makes the first cache need not.
 */
public final class Cores {
    private static final CompletableFuture<Void> ANSWERED = new CompletableFuture<>();

    private static volatile boolean available;

    static {
        Thread asking = new Thread(Cores::ask, "intaglio-membarrier");
        asking.setDaemon(true);
        asking.start();
    }

    private Cores() {}

    private static void ask() {
        try {
            available = Linux.registerCoreSynchronization();
        } finally {
            ANSWERED.complete(null);
        }
    }

    /** Whether the kernel has granted it by now: Linux 4.16 and later, where no filter forbids it. */
    public static boolean canSynchronize() {
        return available;
    }

    /**
     * The barrier; false where there is none. It may be taken away: a filter may be installed, or the process be restored from an image that
     * another kernel has no registration of.
     */
    public static boolean synchronize() {
        ANSWERED.join();
        if (available && !Linux.synchronizeCores()) {
            available = false;
            System.getLogger("dev.intaglio.runtime")
                    .log(
                            System.Logger.Level.WARNING,
                            "the kernel refuses membarrier, which it granted before: to free code that other threads have called the"
                                    + " JVM must stop them, and calls of new code take longer; let the filter pass"
                                    + " membarrier(2)");
        }
        return available;
    }

    /** For a person. */
    public static String describe() {
        ANSWERED.join();
        return available
                ? "membarrier with core synchronization"
                : "none (the kernel has no membarrier with core synchronization, or a filter forbids it): calls count"
                        + " atomically, and code that replaces other code relies on the processor's own coherence";
    }
}
