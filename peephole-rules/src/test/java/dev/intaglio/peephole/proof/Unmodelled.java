package dev.intaglio.peephole.proof;

/** The semantics does not know an instruction or an operand. */
public final class Unmodelled extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Unmodelled(String what) {
        super(what);
    }
}
