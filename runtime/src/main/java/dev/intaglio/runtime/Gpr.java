package dev.intaglio.runtime;

import java.util.Locale;

/** A general register, as an argument of a stencil; its width is the stencil's matter. */
public enum Gpr {
    /** {@code rax}. */
    RAX,
    /** {@code rcx}. */
    RCX,
    /** {@code rdx}. */
    RDX,
    /** {@code rbx}. */
    RBX,
    /** {@code rsp}. */
    RSP,
    /** {@code rbp}. */
    RBP,
    /** {@code rsi}. */
    RSI,
    /** {@code rdi}. */
    RDI,
    /** {@code r8}. */
    R8,
    /** {@code r9}. */
    R9,
    /** {@code r10}. */
    R10,
    /** {@code r11}. */
    R11,
    /** {@code r12}. */
    R12,
    /** {@code r13}. */
    R13,
    /** {@code r14}. */
    R14,
    /** {@code r15}. */
    R15;

    private static final Gpr[] BY_NUMBER = values();

    /**
     * {@return the register with this number in the machine's encoding}
     *
     * @param number 0 to 15
     * @throws IllegalArgumentException for another number
     */
    public static Gpr of(int number) {
        if (number < 0 || number >= BY_NUMBER.length) {
            throw new IllegalArgumentException("no general register has number " + number + ", only 0 to 15");
        }
        return BY_NUMBER[number];
    }

    /** {@return the number in the machine's encoding: 0 for rax to 15 for r15} */
    public int number() {
        return ordinal();
    }

    /** As assembly writes it: {@code rax}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
