package dev.intaglio.runtime.memory;

/** The stack of the present thread. */
public final class ThreadStack {
    private ThreadStack() {}

    /**
     * Its lowest address, as the C library knows it; the guard pages of the JVM lie above.
     *
     * @throws UnsupportedOperationException where the C library does not tell or cannot be asked
     */
    public static long lowest() {
        NativeAccess.require();
        try {
            return Linux.lowestOfStack();
        } catch (Linux.Errno e) {
            throw new UnsupportedOperationException("the stack's bounds cannot be found: " + e.getMessage(), e);
        }
    }
}
