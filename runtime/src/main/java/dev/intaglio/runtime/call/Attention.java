package dev.intaglio.runtime.call;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How many reasons there are for a caller to look about as it leaves emitted code: threads in which an exception waits
 * ({@link Pending}), and closed pieces that somebody may still be inside ({@link Gate}). Nearly always none, so that one word
 * of the whole JVM answers for both.
 */
final class Attention {
    private static final VarHandle COUNT;

    private static volatile int count;

    static {
        try {
            COUNT = MethodHandles.lookup().findStaticVarHandle(Attention.class, "count", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private Attention() {}

    /** Whether there is a reason; a thread sees those it gave itself. */
    static boolean isDue() {
        return count != 0;
    }

    /** One more, or with -1 one less. */
    static void add(int reasons) {
        COUNT.getAndAdd(reasons);
    }
}
