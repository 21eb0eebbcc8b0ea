package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Instruction;

/** Effects as the instruction table tells them; what it does not tell is unknown, so that nothing is concluded from it. */
final class TableEffects implements InstructionEffects {
    static final TableEffects INSTANCE = new TableEffects();

    private TableEffects() {}

    @Override
    public Effects of(Instruction instruction) {
        return Effects.UNKNOWN;
    }
}
