package dev.intaglio.runtime.call;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What Java code threw that emitted code had called. An exception cannot pass through emitted frames; it waits here until the call
 * from Java into emitted code returns, and is thrown there.
 */
final class Pending {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final ThreadLocal<Pending> OF_THREAD = new ThreadLocal<>() {
        @Override
        protected Pending initialValue() {
            return new Pending();
        }
    };

    /** Those of threads in which something waits. */
    private static final Set<Pending> WAITING = ConcurrentHashMap.newKeySet();

    private final Thread thread = Thread.currentThread();

    /** What waits; null nearly always. */
    private Throwable thrown;

    private Pending() {}

    /** Whether nothing waits in this thread. */
    static boolean isNone() {
        return !Attention.isDue() || OF_THREAD.get().thrown == null;
    }

    /** Lets an exception wait. Once it is counted, only calls follow that may fail, since the stack may end there. */
    static void add(Throwable thrown) {
        Pending pending = OF_THREAD.get();
        if (pending.thrown == null) {
            Attention.add(1);
            pending.thrown = thrown;
            try {
                WAITING.add(pending);
            } catch (StackOverflowError e) {
                // It is not found should its thread end with it.
            }
        }
    }

    /** Throws what waits in this thread. */
    static void rethrow() {
        Pending pending = OF_THREAD.get();
        Throwable thrown = pending.thrown;
        if (thrown != null) {
            WAITING.remove(pending);
            Attention.add(-1); // where the stack ends here it waits on
            pending.thrown = null;
            throw Pending.<RuntimeException>unchecked(thrown);
        }
    }

    /** Forgets what waits in threads that have ended without returning to a call from Java, such as those of a C library. */
    static void forgetEnded() {
        for (Pending pending : WAITING) {
            if (!pending.thread.isAlive() && WAITING.remove(pending) && pending.thrown != null) {
                Attention.add(-1);
            }
        }
    }

    @SuppressWarnings("unchecked") // checked exceptions pass as they are
    private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /** The target, run only while nothing waits; what it throws waits, and the result is zero. */
    static MethodHandle guarding(MethodHandle target) {
        MethodType type = target.type();
        MethodHandle zero = MethodHandles.empty(type);
        MethodHandle add = find("add", MethodType.methodType(void.class, Throwable.class));
        MethodHandle caught = MethodHandles.foldArguments(
                MethodHandles.dropArguments(MethodHandles.zero(type.returnType()), 0, Throwable.class), add);
        return MethodHandles.guardWithTest(
                find("isNone", MethodType.methodType(boolean.class)),
                MethodHandles.catchException(target, Throwable.class, caught),
                zero);
    }

    private static MethodHandle find(String method, MethodType type) {
        try {
            return LOOKUP.findStatic(Pending.class, method, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
