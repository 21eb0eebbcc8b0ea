package dev.intaglio.runtime.call;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * What Java code threw that emitted code had called. An exception cannot pass through emitted frames; it waits here until the call
 * from Java into emitted code returns, and is thrown there.
 */
final class Pending {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final ThreadLocal<Throwable> THROWN = new ThreadLocal<>();

    private Pending() {}

    /** Whether nothing waits in this thread. */
    static boolean isNone() {
        return !Attention.isDue() || THROWN.get() == null;
    }

    /** Lets an exception wait. */
    static void add(Throwable thrown) {
        if (THROWN.get() == null) {
            Attention.add(1); // first: a count that is too high costs time, one that is too low an exception
            THROWN.set(thrown);
        }
    }

    /** Throws what waits in this thread. */
    static void rethrow() {
        Throwable thrown = THROWN.get();
        if (thrown != null) {
            THROWN.remove();
            Attention.add(-1);
            throw Pending.<RuntimeException>unchecked(thrown);
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
