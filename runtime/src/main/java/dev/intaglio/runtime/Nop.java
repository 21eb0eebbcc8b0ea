package dev.intaglio.runtime;

/** The NOPs of one to nine bytes that Intel recommends (SDM volume 2B, NOP, table 4-12). */
final class Nop {
    /** Little-endian; the ninth byte of the longest is zero, as is the byte behind. */
    private static final long[] NOPS = {
        0,
        0x90,
        0x9066,
        0x001f0f,
        0x00401f0f,
        0x0000441f0fL,
        0x0000441f0f66L,
        0x00000000801f0fL,
        0x0000000000841f0fL,
        0x00000000841f0f66L
    };

    private Nop() {}

    /** Fills {@code count} bytes from {@code p} with as few instructions as can be; returns the place behind them. */
    static long fill(long p, int count) {
        int left = count;
        long at = p;
        while (left > 0) {
            int length = Math.min(left, NOPS.length - 1);
            Shapes.put8(at, NOPS[length]);
            Shapes.put1(at + 8, 0);
            at += length;
            left -= length;
        }
        return at;
    }
}
