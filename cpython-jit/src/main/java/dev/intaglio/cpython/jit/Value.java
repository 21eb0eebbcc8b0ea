package dev.intaglio.cpython.jit;

/** Where fast code has a value of the operand stack. */
sealed interface Value {
    /** The type of which nothing is known. */
    long UNKNOWN = 0;

    /** What a local holds, borrowed. */
    record OfLocal(int index) implements Value {}

    /** A constant of the code object, borrowed. */
    record Constant(long object) implements Value {}

    /**
     * An own reference, in the value's stack slot of the frame.
     *
     * @param type the exact type where it is known
     */
    record InSlot(long type) implements Value {}

    /** An unboxed float in an xmm register. */
    record FloatIn(int register) implements Value {}

    /** An unboxed int in a general register. */
    record IntIn(int register) implements Value {}

    /** An unboxed float in its spill slot. */
    record FloatSpilled() implements Value {}

    /** An unboxed int in its spill slot. */
    record IntSpilled() implements Value {}
}
