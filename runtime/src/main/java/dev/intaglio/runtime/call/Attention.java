package dev.intaglio.runtime.call;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How many reasons callers have to look further as they leave emitted code: threads in which an exception waits ({@link Pending}), and
 * closed pieces that a thread may still be inside ({@link Gate}). Nearly always there are none, so one word answers both questions for the
 * whole JVM.
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
