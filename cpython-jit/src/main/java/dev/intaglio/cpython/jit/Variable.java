package dev.intaglio.cpython.jit;

/**
 * What fast code knows of a local.
 *
 * @param kind where it is
 * @param type the exact type where it is known, 0 elsewhere
 * @param bound whether it surely has a value
 * @param spilled whether an object's unboxed value stands in the spill slot too
 * @param register a register that holds the unboxed value too, or -1
 */
record Variable(Kind kind, long type, boolean bound, boolean spilled, int register) {
    enum Kind {
        /** In the frame's slot, as the interpreter has it. */
        OBJECT,
        /** Unboxed in the spill slot; the frame's slot is empty. */
        FLOAT,
        INT
    }

    static final Variable UNKNOWN = new Variable(Kind.OBJECT, Value.UNKNOWN, false, false, -1);

    static Variable object(long type) {
        return new Variable(Kind.OBJECT, type, true, false, -1);
    }

    static Variable unboxed(Kind kind, long type, int register) {
        return new Variable(kind, type, true, true, register);
    }

    boolean isObject() {
        return kind == Kind.OBJECT;
    }

    Variable in(int newRegister) {
        return new Variable(kind, type, bound, spilled, newRegister);
    }

    Variable known(long newType) {
        return new Variable(kind, newType, true, spilled, register);
    }
}
