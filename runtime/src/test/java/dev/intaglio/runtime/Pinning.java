package dev.intaglio.runtime;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import java.util.BitSet;

/** Keeps threads on processors of their own (sched_setaffinity(2)), so that they run at once whatever else runs. */
public final class Pinning {
    private static final int BYTES = 128; // cpu_set_t

    private final int[] processors;

    private Pinning(int[] processors) {
        this.processors = processors;
    }

    /** The processors that this process may use. */
    public static Pinning ofProcess() {
        Memory set = new Memory(BYTES);
        call("sched_getaffinity", set);
        return new Pinning(BitSet.valueOf(set.getByteArray(0, BYTES)).stream().toArray());
    }

    /** Keeps this thread on the processor of an index, or one before it where there are fewer. */
    public void pin(int index) {
        BitSet one = new BitSet();
        one.set(processors[index % processors.length]);
        Memory set = new Memory(BYTES);
        set.clear();
        byte[] bytes = one.toByteArray();
        set.write(0, bytes, 0, bytes.length);
        call("sched_setaffinity", set);
    }

    private static void call(String function, Memory set) {
        Object[] arguments = {0, (long) BYTES, set};
        if (NativeLibrary.getProcess().getFunction(function).invokeInt(arguments) != 0) {
            throw new IllegalStateException(function + " failed");
        }
    }
}
