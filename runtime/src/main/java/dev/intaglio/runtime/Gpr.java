package dev.intaglio.runtime;

import java.util.Locale;

/** A general register, as an argument of a stencil; its width is the stencil's matter. */
public enum Gpr {
    RAX,
    RCX,
    RDX,
    RBX,
    RSP,
    RBP,
    RSI,
    RDI,
    R8,
    R9,
    R10,
    R11,
    R12,
    R13,
    R14,
    R15;

    private static final Gpr[] BY_NUMBER = values();

    /** The register with this number in the machine's encoding. */
    public static Gpr of(int number) {
        if (number < 0 || number >= BY_NUMBER.length) {
            throw new IllegalArgumentException("no general register has number " + number + ", only 0 to 15");
        }
        return BY_NUMBER[number];
    }

    /** The number in the machine's encoding: 0 for rax to 15 for r15. */
    public int number() {
        return ordinal();
    }

    /** As assembly writes it: {@code rax}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
