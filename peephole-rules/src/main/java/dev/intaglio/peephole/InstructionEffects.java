package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Instruction;

/** Tells what an instruction reads and overwrites, apart from where it goes. */
@FunctionalInterface
interface InstructionEffects {
    Effects of(Instruction instruction);
}
