package dev.intaglio.runtime.memory;

import java.util.concurrent.CountDownLatch;

/**
 * A barrier for all threads of the process at the cost of the caller alone (membarrier(2)). Each thread has its earlier
 * stores seen, sees the caller's, and runs a serializing instruction before it goes on.
 *
 * <p>The kernel grants it once all cores have been through the scheduler, which takes it 10 to 30 ms. A thread waits for that, so that
 * whoever makes the first cache need not.
 */
public final class Cores {
    private static final CountDownLatch ANSWERED = new CountDownLatch(1);

    private static volatile boolean available;

    /** Those of this process. */
    static final Barriers BARRIERS = new Barriers();

    static {
        try {
            new Asking().start();
        } catch (OutOfMemoryError e) { // a process may have so many threads and no more
            ANSWERED.countDown();
        }
    }

    private Cores() {}

    /** No lambda and no future, on the way to the first cache: the classes behind them take milliseconds. */
    private static final class Asking extends Thread {
        Asking() {
            super(null, null, "intaglio-membarrier", 0, false);
            setDaemon(true);
        }

        @Override
        public void run() {
            try {
                available = Linux.registerCoreSynchronization();
            } finally {
                ANSWERED.countDown();
            }
        }
    }

    /** Waits for the kernel's answer, through interrupts. */
    private static void awaitAnswer() {
        boolean interrupted = false;
        while (true) {
            try {
                ANSWERED.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
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
        awaitAnswer();
        if (!available) {
            return false;
        }
        long number = BARRIERS.begin();
        if (Linux.synchronizeCores()) {
            BARRIERS.end(number);
        } else {
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
        awaitAnswer();
        return available
                ? "membarrier with core synchronization"
                : "none (the kernel has no membarrier with core synchronization, or a filter forbids it): calls count"
                        + " atomically, and code that replaces other code relies on the processor's own coherence";
    }
}
