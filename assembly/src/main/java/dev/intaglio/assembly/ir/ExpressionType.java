package dev.intaglio.assembly.ir;

/** The static type of an expression that is evaluated when code is emitted. */
public enum ExpressionType {
    BOOLEAN,
    INT,
    LONG,
    /** As an operand it stands for its 64 bits. */
    DOUBLE,
    LABEL,
    /** A general-purpose register chosen at emission. */
    GPR,
    /** A vector register chosen at emission. */
    XMM,
    /** Something that a program patches while it runs. */
    PATCH_SITE,
    /** An object, an array or nothing: whatever it is, no operand. */
    OBJECT,
    /** Not known to the processor: javac decides when it compiles the emitter. */
    UNKNOWN;

    /** Whether a value of this type can be a number in an operand. */
    public boolean isNumeric() {
        return this == INT || this == LONG || this == DOUBLE || this == UNKNOWN;
    }
}
