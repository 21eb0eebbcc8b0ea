package dev.intaglio.runtime;

import dev.intaglio.runtime.memory.ThreadStack;

/**
 * How far emitted code may go down the stack of its thread. The JVM checks the stack for Java code only; emitted code that
 * recurses without a limit ends the process.
 */
public final class NativeStack {
    /** What is left for functions that are called: the JVM's guard pages and its shadow pages, and as much again. */
    private static final long ROOM = 256 << 10;

    private static final ThreadLocal<Long> LIMIT = ThreadLocal.withInitial(NativeStack::find);

    private NativeStack() {}

    /**
     * {@return the least value that rsp of this thread may have before code must return: {@code cmp rsp, limit} and {@code jb} at the
     * head of a recursive function} It differs from thread to thread, so pass it with each call. The stack ends 256 KiB
     * below it; the JVM's guard pages are among them, so functions that the code calls should do with half of that.
     *
     * @throws UnsupportedOperationException in a virtual thread, whose native calls run on the stacks of other threads, from call to
     *     call on another one; or where the C library does not tell the stack's bounds, or JNA cannot be loaded to ask it
     */
    public static long limit() {
        return LIMIT.get();
    }

    private static long find() {
        if (isVirtual(Thread.currentThread())) {
            throw new UnsupportedOperationException(
                    "a virtual thread has no native stack of its own: its limit would be another stack's at the next call;"
                            + " call code that recurses in a platform thread, such as one of Executors.newFixedThreadPool");
        }
        return ThreadStack.lowest() + ROOM;
    }

    private static boolean isVirtual(Thread thread) {
        try {
            return (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
        } catch (ReflectiveOperationException beforeJava21) {
            return false;
        }
    }
}
