package dev.intaglio.runtime;

import java.util.Locale;

/** An SSE register, as an argument of a stencil. */
public enum Xmm {
    XMM0,
    XMM1,
    XMM2,
    XMM3,
    XMM4,
    XMM5,
    XMM6,
    XMM7,
    XMM8,
    XMM9,
    XMM10,
    XMM11,
    XMM12,
    XMM13,
    XMM14,
    XMM15;

    private static final Xmm[] BY_NUMBER = values();

    /** The register with this number in the machine's encoding. */
    public static Xmm of(int number) {
        if (number < 0 || number >= BY_NUMBER.length) {
            throw new IllegalArgumentException("no xmm register has number " + number + ", only 0 to 15");
        }
        return BY_NUMBER[number];
    }

    /** The number in the machine's encoding: 0 to 15. */
    public int number() {
        return ordinal();
    }

    /** As assembly writes it: {@code xmm0}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
