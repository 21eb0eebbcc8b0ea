package dev.intaglio.assembly.table;

/** How an instruction uses an operand. */
public enum Access {
    R(true, false),
    W(false, true),
    RW(true, true),
    /** Neither: the address of lea and nop. */
    NONE(false, false);

    private final boolean reads;
    private final boolean writes;

    Access(boolean reads, boolean writes) {
        this.reads = reads;
        this.writes = writes;
    }

    public boolean reads() {
        return reads;
    }

    public boolean writes() {
        return writes;
    }
}
