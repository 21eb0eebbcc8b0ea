package dev.intaglio.cpython;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/** The command {@code intaglio python}: runs a Python program on a CPython 3.11 in this process. */
public final class Python {
    /** CPython's recursion, and that of what it calls, goes through the stack of its thread. */
    private static final long STACK_BYTES = 512L << 20;

    private static final int USAGE_ERROR = 2;

    private Python() {}

    /**
     * Runs the program and ends the process with its exit status.
     *
     * @param arguments {@code [--jit=on|off|copy-and-patch] [--stats] [--libpython PATH]}, then what {@code python3} takes
     */
    public static void main(String[] arguments) throws InterruptedException {
        Invocation invocation = Invocation.parse(arguments);
        Thread thread = new Thread(null, () -> exit(run(invocation)), "python", STACK_BYTES);
        thread.start();
        thread.join();
    }

    /**
     * Ends the process from Python's own thread: a forked child has no other. Python has flushed its streams; neither its
     * left-over threads nor Java's may keep the process alive.
     */
    private static void exit(int status) {
        System.out.flush();
        System.err.flush();
        NativeLibrary process = NativeLibrary.getProcess();
        process.getFunction("fflush").invokeInt(new Object[] {Pointer.NULL});
        process.getFunction("_exit").invokeVoid(new Object[] {status});
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
