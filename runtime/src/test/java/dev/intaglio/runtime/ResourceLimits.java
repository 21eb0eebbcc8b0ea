package dev.intaglio.runtime;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;

/** What a child JVM takes from itself. */
final class ResourceLimits {
    private ResourceLimits() {}

    /** {@code setrlimit} of one of the {@code RLIMIT_} numbers, for both the soft and the hard limit. */
    static void set(int which, long value) {
        Memory limits = new Memory(16);
        limits.setLong(0, value);
        limits.setLong(8, value);
        if (NativeLibrary.getProcess().getFunction("setrlimit").invokeInt(new Object[] {which, limits}) != 0) {
            throw new IllegalStateException("setrlimit failed");
        }
    }
}
