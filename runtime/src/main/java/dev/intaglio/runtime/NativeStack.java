package dev.intaglio.runtime;

import dev.intaglio.runtime.memory.ThreadStack;

/**
 * How far emitted code may go down the stack of its thread. The JVM checks the stack for Java code only; emitted code that
 * recurses without a limit ends the process.
 */
public final class NativeStack {
    /** What is left for functions that are called: the JVM's guard pages and its shadow pages, and as much again. */
    private static final long ROOM = 256 << 10;

    private static final ThreadLocal<Long> LIMIT = ThreadLocal.withInitial(() -> ThreadStack.lowest() + ROOM);

    private NativeStack() {}

    /**
     * {@return the least value that rsp of this thread may have before code must return: {@code cmp rsp, limit} and {@code jb} at the
     * head of a recursive function} It differs from thread to thread, so pass it with each call. 256 KiB are left below it
     * for functions that the code calls.
     */
    public static long limit() {
        return LIMIT.get();
    }
}
