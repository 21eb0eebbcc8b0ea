package dev.intaglio.runtime.memory;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A range of addresses of which the head can be executed and the tail, the data region, be written. */
interface ExecutableArena {
    /**
     * What is executed where no code is: hlt, which only the kernel may execute, is a SIGSEGV and so a crash report of the JVM,
     * wherever one enters. int3 would be a SIGTRAP, of which HotSpot makes no report.
     */
    byte TRAP = (byte) 0xf4;

    /** A page of traps. */
    ByteBuffer TRAPS = page();

    private static ByteBuffer page() {
        byte[] page = new byte[Linux.PAGE];
        Arrays.fill(page, TRAP);
        return ByteBuffer.wrap(page).asReadOnlyBuffer();
    }

    /** At most a page of traps. */
    static ByteBuffer traps(int length) {
        return TRAPS.duplicate().limit(length);
    }

    /** The address code runs at. */
    long address();

    /** Its size in bytes, of which only what was grown can be used. */
    int size();

    /** Pieces of code must not share a block of this many bytes. */
    int granule();

    /** Makes reserved pages usable; no page is given twice. */
    void grow(long address, long length) throws Linux.Errno;

    /** Makes pages of code that were grown quick to touch. */
    default void populate(long address, long length) {}

    /** Copies what remains of a buffer to an address of this arena. */
    void write(long address, ByteBuffer bytes);

    /** Fills code with traps. */
    default void erase(long from, int length) {
        for (int at = 0; at < length; at += Linux.PAGE) {
            write(from + at, traps(Math.min(length - at, Linux.PAGE)));
        }
    }

    /** Reads bytes back. */
    default byte[] read(long from, int length) {
        return new Pointer(from).getByteArray(0, length);
    }

    /** Makes written code executable. */
    void publish(long address, int length);

    /** Stores 4 or 8 bytes that lie within eight aligned ones, at once, while threads run there. */
    void patch(long address, int width, long value) throws Linux.Errno;

    /** Makes code writable again, before it is erased. */
    void withdraw(long address, int length);

    /** How memory is protected, for a person. */
    String describe();

    /** Unmaps everything. */
    void close();
}
