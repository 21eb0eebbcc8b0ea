package dev.intaglio.peephole;

import java.util.Locale;

/** What matters most where a rule has a choice. */
public enum Preference {
    SIZE,
    SPEED;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
