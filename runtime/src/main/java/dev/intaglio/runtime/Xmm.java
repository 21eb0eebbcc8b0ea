package dev.intaglio.runtime;

import java.util.Locale;

/** An SSE register, as an argument of a stencil. */
public enum Xmm {
    /** {@code xmm0}. */
    XMM0,
    /** {@code xmm1}. */
    XMM1,
    /** {@code xmm2}. */
    XMM2,
    /** {@code xmm3}. */
    XMM3,
    /** {@code xmm4}. */
    XMM4,
    /** {@code xmm5}. */
    XMM5,
    /** {@code xmm6}. */
    XMM6,
    /** {@code xmm7}. */
    XMM7,
    /** {@code xmm8}. */
    XMM8,
    /** {@code xmm9}. */
    XMM9,
    /** {@code xmm10}. */
    XMM10,
    /** {@code xmm11}. */
    XMM11,
    /** {@code xmm12}. */
    XMM12,
    /** {@code xmm13}. */
    XMM13,
    /** {@code xmm14}. */
    XMM14,
    /** {@code xmm15}. */
    XMM15;

    private static final Xmm[] BY_NUMBER = values();

    /**
     * {@return the register with this number in the machine's encoding}
     *
     * @param number 0 to 15
     * @throws IllegalArgumentException for another number
     */
    public static Xmm of(int number) {
        if (number < 0 || number >= BY_NUMBER.length) {
            throw new IllegalArgumentException("no xmm register has number " + number + ", only 0 to 15");
        }
        return BY_NUMBER[number];
    }

    /** {@return the number in the machine's encoding: 0 to 15} */
    public int number() {
        return ordinal();
    }

    /** As assembly writes it: {@code xmm0}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
