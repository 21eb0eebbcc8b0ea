package dev.intaglio.runtime.call;

import java.util.Arrays;

/** Calls code with long arguments, as many as registers hold. */
public final class LongCall {
    private static final int MOST = 6;

    private LongCall() {}

    /** Calls with up to six arguments; those that are missing are zero, which a System V callee cannot tell. */
    public static long call(Gate gate, long... arguments) {
        if (arguments.length > MOST) {
            throw new IllegalArgumentException(
                    arguments.length + " arguments; call takes up to " + MOST + ", bind an interface for more");
        }
        long[] a = Arrays.copyOf(arguments, MOST);
        return Binder.bind(SixLongs.class, gate).call(a[0], a[1], a[2], a[3], a[4], a[5]);
    }

    /** What {@link #call} binds to. */
    @FunctionalInterface
    interface SixLongs {
        long call(long a, long b, long c, long d, long e, long f);
    }
}
