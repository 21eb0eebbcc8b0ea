package dev.intaglio.peephole;

/**
 * What an instruction does to registers and flags, as far as liveness needs it.
 *
 * @param reads what it may read
 * @param kills what it surely overwrites, so that the old value cannot be seen afterwards
 */
public record Effects(Locations reads, Locations kills) {
    public static final Effects NONE = new Effects(Locations.NONE, Locations.NONE);
    /** Of what is not understood: it reads everything and surely overwrites nothing. */
    public static final Effects UNKNOWN = new Effects(Locations.ALL, Locations.NONE);
}
