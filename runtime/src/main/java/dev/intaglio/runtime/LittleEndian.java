package dev.intaglio.runtime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Bytes of a file for native tools, in the order of x86-64. */
final class LittleEndian {
    private static final int SEVEN_BITS = 0x7f;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    int size() {
        return bytes.size();
    }

    byte[] toByteArray() {
        return bytes.toByteArray();
    }

    LittleEndian int1(int value) {
        bytes.write(value);
        return this;
    }

    LittleEndian int2(int value) {
        return int1(value).int1(value >> 8);
    }

    LittleEndian int4(long value) {
        return int2((int) value).int2((int) (value >> 16));
    }

    LittleEndian int8(long value) {
        return int4(value).int4(value >> 32);
    }

    LittleEndian bytes(byte[] more) {
        bytes.writeBytes(more);
        return this;
    }

    /** A text that ends with a zero. */
    LittleEndian text(String text) {
        return bytes(text.replace("\0", "").getBytes(StandardCharsets.UTF_8)).int1(0);
    }

    /** A number without a sign in groups of seven bits (DWARF 4, 7.6). */
    LittleEndian unsigned(long value) {
        long rest = value;
        while (rest >>> 7 != 0) {
            int1((int) rest & SEVEN_BITS | 0x80);
            rest >>>= 7;
        }
        return int1((int) rest);
    }

    /** A number with a sign in groups of seven bits (DWARF 4, 7.6). */
    LittleEndian signed(long value) {
        long rest = value;
        while (rest >> 6 != 0 && rest >> 6 != -1) {
            int1((int) rest & SEVEN_BITS | 0x80);
            rest >>= 7;
        }
        return int1((int) rest & SEVEN_BITS);
    }

    /** Zeros up to a multiple of a power of two. */
    LittleEndian align(int alignment) {
        while ((size() & alignment - 1) != 0) {
            int1(0);
        }
        return this;
    }
}
