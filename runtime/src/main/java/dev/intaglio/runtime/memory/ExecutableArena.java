package dev.intaglio.runtime.memory;

import java.util.Arrays;

/** A range of addresses of which the head can be executed and the tail, the data region, be written. */
interface ExecutableArena {
    /** A page of int3. */
    byte[] TRAPS = traps();

    private static byte[] traps() {
        byte[] page = new byte[4096];
        Arrays.fill(page, (byte) 0xcc);
        return page;
    }

    /** The address code runs at. */
    long address();

    /** Its size in bytes. */
    int size();

    /** Pieces of code must not share a granule. */
    int granule();

    /** Copies bytes to an address of this arena. */
    void write(long address, byte[] bytes, int length);

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
