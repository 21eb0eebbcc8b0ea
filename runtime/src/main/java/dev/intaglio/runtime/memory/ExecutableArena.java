package dev.intaglio.runtime.memory;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A range of addresses of which the head can be executed and the tail, the data region, be written. */
interface ExecutableArena {
    /** A page of int3. */
    ByteBuffer TRAPS = page();

    private static ByteBuffer page() {
        byte[] page = new byte[4096];
        Arrays.fill(page, (byte) 0xcc);
        return ByteBuffer.wrap(page).asReadOnlyBuffer();
    }

    /** At most a page of int3. */
    static ByteBuffer traps(int length) {
        return TRAPS.duplicate().limit(length);
    }

    /** The address code runs at. */
    long address();

    /** Its size in bytes. */
    int size();

    /** Pieces of code must not share a granule. */
    int granule();

    /** Copies what remains of a buffer to an address of this arena. */
    void write(long address, ByteBuffer bytes);

    /** Fills code with int3, so that a stray jump traps. */
    void erase(long address, int length);

    /** Reads bytes back. */
    byte[] read(long address, int length);

    /** Makes written code executable. */
    void publish(long address, int length);

    /** Makes code writable again, before it is erased. */
    void withdraw(long address, int length);

    /** How memory is protected, for a person. */
    String describe();

    /** Unmaps everything. */
    void close();
}
