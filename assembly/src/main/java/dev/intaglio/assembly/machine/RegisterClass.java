package dev.intaglio.assembly.machine;

/** A register file seen through one operand size. */
public enum RegisterClass {
    /** al, cl, dl, bl, spl, bpl, sil, dil, r8b to r15b. */
    R8(1, 16),
    /** ah, ch, dh, bh, numbered 4 to 7 as they are encoded; never together with a REX prefix. */
    R8H(1, 8),
    R16(2, 16),
    R32(4, 16),
    R64(8, 16),
    X87(10, 8),
    MMX(8, 8),
    XMM(16, 32),
    YMM(32, 32),
    ZMM(64, 32),
    MASK(8, 8),
    SEGMENT(2, 6),
    CONTROL(8, 16),
    DEBUG(8, 16),
    BOUND(16, 4);

    private final int bytes;
    private final int count;

    RegisterClass(int bytes, int count) {
        this.bytes = bytes;
        this.count = count;
    }

    /** The size of one register, in bytes. */
    public int bytes() {
        return bytes;
    }

    /** Register numbers run from 0 to {@code count() - 1}. */
    public int count() {
        return count;
    }

    /** Whether these are general-purpose registers (of any size). */
    public boolean isGeneral() {
        return this == R8 || this == R8H || this == R16 || this == R32 || this == R64;
    }

    /** Whether these are vector registers. */
    public boolean isVector() {
        return this == XMM || this == YMM || this == ZMM;
    }
}
