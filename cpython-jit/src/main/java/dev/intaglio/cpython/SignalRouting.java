package dev.intaglio.cpython;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import dev.intaglio.stencils.SignalsEmitter;
import java.nio.file.Path;

/**
 * Sends the process's signals to Python's main thread. The kernel gives a signal to whichever thread does not block it, the
 * first thread of the process before others; CPython's handler wakes the interpreter only where it runs on Python's main
 * thread, and a call that waits is interrupted only in the thread that got the signal. So every other thread must block
 * them. A thread's mask is its own affair: each is sent one signal whose handler adds to it. Threads that they start later
 * inherit the mask.
 */
final class SignalRouting {
    private static final long SYS_GETTID = 186;
    private static final long SYS_TGKILL = 234;
    /** Ignored by default, so one that comes late does no harm. */
    private static final int SIGURG = 23;

    /** {@code struct sigaction} of glibc: handler, 128 bytes of mask, flags, restorer. */
    private static final int ACTION_BYTES = 152;

    private static final int ACTION_FLAGS = 136;
    private static final int SA_SIGINFO = 0x4;
    private static final int SA_RESTART = 0x10000000;

    /** What a thread causes itself (ILL, TRAP, ABRT, BUS, FPE, SEGV, SYS), the JVM's own (USR2, PROF) and the C library's. */
    private static final int[] UNTOUCHED = {4, 5, 6, 7, 8, 11, 31, 12, 27, 32, 33, 34};

    private static final long PATIENCE_NANOSECONDS = 200_000_000L;

    /** How many threads have run the handler. */
    private static final Memory COUNTER = new Memory(8);

    private final NativeLibrary libc = NativeLibrary.getInstance("c");

    private SignalRouting() {}

    /** To be called by the thread that is to get the signals, when the JVM has started all threads it starts by itself. */
    static void toThisThread() {
        new SignalRouting().run();
    }

    private void run() {
        COUNTER.clear();
        Memory old = new Memory(ACTION_BYTES);
        long handler = handler();
        Memory action = new Memory(ACTION_BYTES);
        action.clear();
        action.setLong(0, handler);
        action.setInt(ACTION_FLAGS, SA_SIGINFO | SA_RESTART);
        libc.getFunction("sigaction").invokeInt(new Object[] {SIGURG, action, old});
        await(signalOthers());
        libc.getFunction("sigaction").invokeInt(new Object[] {SIGURG, old, Pointer.NULL});
    }

    /** Its memory is never given back: a thread may still be in it when we wait no longer. */
    private static long handler() {
        CodeCache cache = CodeCache.options().size(1 << 16).create();
        try (CodeBuffer buffer = cache.newBuffer(1 << 12)) {
            new SignalsEmitter(buffer).block(mask(), Pointer.nativeValue(COUNTER));
            return buffer.commit("block signals").address();
        }
    }

    /** Sends the signal to all threads but this one; returns how many took it. */
    private int signalOthers() {
        long self = system(SYS_GETTID);
        String[] threads = Path.of("/proc/self/task").toFile().list();
        int sent = 0;
        for (String name : threads == null ? new String[0] : threads) {
            long thread = Long.parseLong(name);
            if (thread != self && system(SYS_TGKILL, ProcessHandle.current().pid(), thread, (long) SIGURG) == 0) {
                sent++;
            }
        }
        return sent;
    }

    private static void await(int count) {
        long end = System.nanoTime() + PATIENCE_NANOSECONDS;
        while (COUNTER.getInt(0) < count && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private long system(Object... numberAndArguments) {
        return libc.getFunction("syscall").invokeLong(numberAndArguments);
    }

    private static long mask() {
        long mask = -1;
        for (int signal : UNTOUCHED) {
            mask &= ~(1L << (signal - 1));
        }
        return mask;
    }
}
