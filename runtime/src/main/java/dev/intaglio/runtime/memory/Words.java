package dev.intaglio.runtime.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Stores into code that runs: always eight aligned bytes, which no processor sees half of (SDM volume 3, 9.1.1). */
final class Words {
    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Words() {}

    /** Stores 4 or 8 bytes that lie within eight aligned ones; who stores beside them must have the same lock. */
    static void store(ByteBuffer bytes, int offset, int width, long value) {
        int word = offset & -Long.BYTES;
        int shift = (offset - word) * Byte.SIZE;
        if (width > Long.BYTES - (offset - word)) {
            throw new IllegalArgumentException("the field at " + offset + " is not within eight aligned bytes");
        }
        long mask = (width == Long.BYTES ? -1 : (1L << width * Byte.SIZE) - 1) << shift;
        WORD.setVolatile(bytes, word, (long) WORD.getVolatile(bytes, word) & ~mask | value << shift & mask);
    }
}
