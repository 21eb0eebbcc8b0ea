package dev.intaglio.cpython.jit;

import com.sun.jna.Pointer;

/** Reads and writes the process's memory at an address. */
final class Native {
    private static final Pointer ALL = new Pointer(0);

    private Native() {}

    static long word(long address) {
        return ALL.getLong(address);
    }

    static int integer(long address) {
        return ALL.getInt(address);
    }

    static int unsignedByte(long address) {
        return ALL.getByte(address) & 0xFF;
    }

    static double real(long address) {
        return ALL.getDouble(address);
    }

    static String ascii(long address) {
        return ALL.getString(address, "UTF-8");
    }

    static void word(long address, long value) {
        ALL.setLong(address, value);
    }
}
