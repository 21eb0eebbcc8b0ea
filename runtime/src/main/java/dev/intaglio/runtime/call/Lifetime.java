package dev.intaglio.runtime.call;

/** How long the code stays that {@link Bound} objects of a class call, and what they must do for it. */
enum Lifetime {
    /** Until it is closed and the last caller has left: callers say that they are inside. */
    COUNTED,
    /** Until it is closed and the garbage collector has found nobody who holds its {@link HeldAddress}. */
    COLLECTED,
    /** For ever. */
    PERMANENT
}
