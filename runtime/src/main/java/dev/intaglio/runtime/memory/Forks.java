package dev.intaglio.runtime.memory;

import com.sun.jna.Pointer;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;

/**
 * Gives a forked child code of its own: code is shared memory, in which a child would run what its parent frees, replaces and
 * patches. Before a fork the {@link ForkHandlers} copy all code that is mapped, and in the child the copies take its place.
 *
 * <p>Code is written between {@link #begin} and {@link #end}, and a fork waits until nobody writes: so a child that has a patched branch
 * has its target, too. In the child nothing is written any more, because what is written to is its parent's.
 */
final class Forks {
    /** 1 while a thread forks. */
    private static final int IS_FORKING = 0;
    /** 1 in a forked child. */
    private static final int IS_CHILD = 4;
    /** 1 while threads write. */
    private static final int IS_WRITTEN = 8;
    /** What is copied: address, length, and the handlers' copy; a length of 0 ends it. */
    private static final int RANGES = 16;

    private static final int RANGE = 3 * Long.BYTES;
    /** Room for more ranges than a process can map (vm.max_map_count); a page of it is touched. */
    private static final int SIZE = 1 << 21;

    private static final ByteBuffer STATE = state();
    private static final Map<Long, Long> COVERED = new TreeMap<>();
    /** How many threads write. */
    private static int writers;

    private Forks() {}

    /** Native memory that stays, as what is registered does. */
    private static ByteBuffer state() {
        try {
            int flags = Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS | Linux.MAP_NORESERVE;
            long address = Linux.mmap(0, SIZE, Linux.PROT_READ | Linux.PROT_WRITE, flags, -1, 0);
            ForkHandlers.register(address);
            return new Pointer(address).getByteBuffer(0, SIZE).order(ByteOrder.LITTLE_ENDIAN);
        } catch (Linux.Errno refused) { // a child shares the code, then
            return ByteBuffer.allocateDirect(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /** Whether this process was forked from the one that mapped the code. */
    static boolean isChild() {
        return STATE.getInt(IS_CHILD) != 0;
    }

    /**
     * Keeps other threads from forking. No thread may begin twice before it ends: a fork that waits lets nobody in.
     *
     * @throws MemoryRefusedException in a forked child
     */
    static void begin() {
        while (true) {
            if (isChild()) {
                throw new MemoryRefusedException(
                        "this process is a fork of the one that has the code cache: it runs the code"
                                + " that was there then, and neither commits nor patches any");
            }
            if (isBegun()) {
                return;
            }
            Thread.yield();
        }
    }

    /** Either we see the fork that begins, or it sees that we write: each stores before it looks. */
    private static synchronized boolean isBegun() {
        writers++;
        STATE.putInt(IS_WRITTEN, 1);
        VarHandle.fullFence();
        boolean begun = STATE.getInt(IS_FORKING) == 0;
        if (!begun) {
            end();
        }
        return begun;
    }

    /** Lets threads fork. */
    static synchronized void end() {
        writers--;
        if (writers == 0) {
            VarHandle.releaseFence();
            STATE.putInt(IS_WRITTEN, 0);
        }
    }

    /** So many bytes of code are mapped from an address on; with 0 none are any more. */
    static void cover(long address, long length) {
        if (isChild()) {
            return;
        }
        synchronized (COVERED) { // not the lock that another writer needs to end, which a fork may wait for
            begin();
            COVERED.put(address, length);
            COVERED.values().remove(0L);
            int at = RANGES;
            for (Map.Entry<Long, Long> range : COVERED.entrySet()) {
                STATE.putLong(at, range.getKey()).putLong(at + Long.BYTES, range.getValue());
                at += RANGE;
            }
            STATE.putLong(at + Long.BYTES, 0);
            end();
        }
    }
}
