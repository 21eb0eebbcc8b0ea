package dev.intaglio.runtime.memory;

import org.jspecify.annotations.NullMarked;

/** The parts of a code cache; their order is the order of their addresses. */
@NullMarked
public enum Region {
    /** Code that is expected to run. */
    HOT,
    /** Code for the rare cases, kept apart so that it does not dilute the instruction cache. */
    COLD,
    /** Data: readable and writable, never executable. */
    DATA
}
