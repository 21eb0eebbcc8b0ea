package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.table.Access;
import dev.intaglio.assembly.table.FlagEffects;
import java.util.List;
import java.util.Optional;

/**
 * What the instruction table says about one instruction.
 *
 * @param access of each operand that is written, in order
 * @param implicit the registers that are used without being written
 * @param implicitMemory whether memory is used without being written (the stack, strings)
 * @param flags with the flags of the instruction's condition among those it reads
 * @param opaque whether it does more than its operands and flags tell
 */
record Facts(List<Access> access, List<Implicit> implicit, boolean implicitMemory, FlagEffects flags, boolean opaque) {
    Facts {
        access = List.copyOf(access);
        implicit = List.copyOf(implicit);
    }

    /** A register that an instruction uses without naming it. */
    record Implicit(RegisterOperand register, Access access) {}

    /** Looks instructions up; empty for one that has no form. */
    interface Source {
        Optional<Facts> of(Instruction instruction);

        /** The most bytes that an instruction takes, which has a form. */
        int maxLength(Instruction instruction);
    }
}
