package dev.intaglio.assembly.machine;

import java.util.Locale;

/** A bit of RFLAGS that instructions read or write (SDM Vol. 1, 3.4.3). */
public enum Flag {
    O,
    S,
    Z,
    A,
    P,
    C,
    /** The direction flag of the string instructions. */
    D;

    /** The letter of the table: {@code o s z a p c d}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
