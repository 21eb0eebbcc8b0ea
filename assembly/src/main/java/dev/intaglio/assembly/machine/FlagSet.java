package dev.intaglio.assembly.machine;

import java.util.Locale;

/** An immutable set of {@link Flag}s. */
public record FlagSet(int bits) {
    public static final FlagSet NONE = new FlagSet(0);
    /** The six arithmetic flags. */
    public static final FlagSet ARITHMETIC = parse("oszapc");

    public static FlagSet of(Flag... flags) {
        int bits = 0;
        for (Flag flag : flags) {
            bits |= 1 << flag.ordinal();
        }
        return new FlagSet(bits);
    }

    /** The set that letters such as {@code oszapc} name. */
    public static FlagSet parse(String letters) {
        int bits = 0;
        for (String letter : letters.toUpperCase(Locale.ROOT).split("")) {
            bits |= letter.isEmpty() ? 0 : 1 << Flag.valueOf(letter).ordinal();
        }
        return new FlagSet(bits);
    }

    public boolean isEmpty() {
        return bits == 0;
    }

    public boolean contains(Flag flag) {
        return (bits & 1 << flag.ordinal()) != 0;
    }

    public boolean containsAll(FlagSet other) {
        return (other.bits & ~bits) == 0;
    }

    public boolean intersects(FlagSet other) {
        return (other.bits & bits) != 0;
    }

    public FlagSet plus(FlagSet other) {
        return new FlagSet(bits | other.bits);
    }

    public FlagSet minus(FlagSet other) {
        return new FlagSet(bits & ~other.bits);
    }

    /** The letters, in the order {@code oszapcd}. */
    @Override
    public String toString() {
        StringBuilder letters = new StringBuilder();
        for (Flag flag : Flag.values()) {
            if (contains(flag)) {
                letters.append(flag);
            }
        }
        return letters.toString();
    }
}
