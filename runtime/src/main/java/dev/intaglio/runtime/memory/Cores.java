package dev.intaglio.runtime.memory;

/**
 * A barrier for all threads of the process at the cost of the caller alone (membarrier(2)). Each thread has its earlier
 * stores seen, sees the caller's, and runs a serializing instruction before it goes on.
 */
public final class Cores {
    private static final boolean AVAILABLE = Linux.registerCoreSynchronization();

    private Cores() {}

    /** Whether the kernel has it: Linux 4.16 and later, where no filter forbids it. */
    public static boolean canSynchronize() {
        return AVAILABLE;
    }

    /** The barrier; does nothing where there is none. */
    public static void synchronize() {
        if (AVAILABLE) {
            Linux.synchronizeCores();
        }
    }

    /** For a person. */
    public static String describe() {
        return AVAILABLE
                ? "membarrier with core synchronization"
                : "none (the kernel has no membarrier with core synchronization, or a filter forbids it): calls count"
                        + " atomically, and code that replaces other code relies on the processor's own coherence";
    }
}
