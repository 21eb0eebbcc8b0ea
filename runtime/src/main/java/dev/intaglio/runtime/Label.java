package dev.intaglio.runtime;

import java.util.Objects;

/**
 * A place in emitted code: an identity that the client owns and may use again for every piece.
 *
 * <p>A label is bound at most once in an emission. What it was bound to in an earlier one is forgotten as soon as the
 * next emission binds it, so labels need no clearing. Buffers that emit at once must not bind the same label: the piece that bound
 * it first no longer knows.
 */
public final class Label {
    private final String name;

    /** Number of the emission that bound the label last; 0 before the first. Emission numbers are unique in the process. */
    long emission;

    long address;
    /** The line that bound it, as {@link Sites#signed} gives it. */
    long site;

    /** A label without a name; listings number such labels. */
    public Label() {
        name = "";
    }

    /**
     * A label that listings and messages call {@code name}.
     *
     * @param name what messages and listings call it
     */
    public Label(String name) {
        this.name = Objects.requireNonNull(name, "name");
    }

    /** {@return the name; empty when it has none} */
    public String name() {
        return name;
    }

    /**
     * {@return the address it was last bound to; it stays valid as long as the piece of code it lies in}
     *
     * @throws IllegalStateException when it was never bound
     */
    public long address() {
        if (emission == 0) {
            throw new IllegalStateException(this + " has no address: no stencil has bound it yet");
        }
        return address;
    }

    /** {@code label head}, or {@code an unnamed label}. */
    @Override
    public String toString() {
        return name.isEmpty() ? "an unnamed label" : "label " + name;
    }
}
