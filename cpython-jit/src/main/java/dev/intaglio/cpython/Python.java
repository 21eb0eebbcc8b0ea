package dev.intaglio.cpython;

/** The command {@code intaglio python}: runs a Python program on a CPython 3.11 in this process. */
public final class Python {
    /** CPython's recursion, and that of what it calls, goes through the stack of its thread. */
    private static final long STACK_BYTES = 512L << 20;

    private static final int USAGE_ERROR = 2;

    private Python() {}

    /**
     * Runs the program and ends the process with its exit status.
     *
     * @param arguments {@code [--jit=on|off] [--stats] [--libpython PATH]}, then what {@code python3} takes
     */
    public static void main(String[] arguments) throws InterruptedException {
        Invocation invocation = Invocation.parse(arguments);
        int[] status = {1};
        Thread thread = new Thread(null, () -> status[0] = run(invocation), "python", STACK_BYTES);
        thread.start();
        thread.join();
        System.err.flush();
        // Python has flushed its own streams; threads that it left behind must not keep the process alive.
        Runtime.getRuntime().halt(status[0]);
    }

    private static int run(Invocation invocation) {
        try {
            return new Host(invocation).run();
        } catch (HostException e) {
            System.err.println("intaglio: " + e.getMessage());
            return USAGE_ERROR;
        }
    }
}
