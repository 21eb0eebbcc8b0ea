package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Decoration;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.RegisterClass;
import dev.intaglio.assembly.table.Access;
import java.util.Optional;

/**
 * Which general registers an instruction reads and may write, one bit each; whatever part of a register it is.
 *
 * @param read in operands, addresses and by itself
 * @param written likewise
 */
record RegisterUse(int read, int written) {
    private static final int ALL = 0xffff;

    /** The use of an instruction; empty of one that is not wholly understood, or after which another line may follow. */
    static Optional<RegisterUse> of(Instruction instruction, Facts.Source facts) {
        Optional<Facts> found = facts.of(instruction);
        boolean plain = found.isPresent()
                && !found.get().opaque()
                && instruction.prefixes().isEmpty()
                && instruction.decoration().equals(Decoration.NONE)
                && !leaves(instruction);
        if (!plain) {
            return Optional.empty();
        }
        int read = 0;
        int written = 0;
        for (int i = 0; i < instruction.operands().size(); i++) {
            Access access = found.get().access().get(i);
            Operand operand = instruction.operands().get(i);
            if (operand instanceof RegisterOperand register) {
                int bit = bit(register);
                read |= access.reads() || isPartial(register) ? bit : 0;
                written |= access.writes() ? bit : 0;
            } else if (operand instanceof Operand.Memory memory) {
                read |= address(memory.address());
            }
        }
        for (Facts.Implicit implicit : found.get().implicit()) {
            read |= bit(implicit.register());
            written |= implicit.access().writes() ? bit(implicit.register()) : 0;
        }
        return Optional.of(new RegisterUse(read, written));
    }

    /** Whether control may go elsewhere. */
    static boolean leaves(Instruction instruction) {
        String mnemonic = instruction.mnemonic();
        return mnemonic.startsWith("j")
                || mnemonic.startsWith("loop")
                || mnemonic.startsWith("call")
                || mnemonic.startsWith("ret")
                || mnemonic.startsWith("int")
                || mnemonic.startsWith("iret")
                || mnemonic.startsWith("sys")
                || mnemonic.startsWith("ud")
                || mnemonic.startsWith("x")
                        && instruction.operands().stream().anyMatch(Operand.LabelTarget.class::isInstance);
    }

    static int address(Address address) {
        if (address instanceof Address.InSegment inside) {
            return address(inside.address());
        }
        if (!(address instanceof Address.Indexed indexed)) {
            return 0;
        }
        return indexed.base().map(RegisterUse::bit).orElse(0)
                | indexed.index().map(RegisterUse::bit).orElse(0);
    }

    /** The bit of a general register; all of them where it is chosen at emission. */
    static int bit(RegisterOperand register) {
        if (!register.kind().isGeneral()) {
            return 0;
        }
        if (!(register instanceof RegisterOperand.Fixed fixed)) {
            return ALL;
        }
        int number = fixed.register().number();
        return 1 << (register.kind() == RegisterClass.R8H ? number - 4 : number);
    }

    /** Writing a part keeps the rest. */
    private static boolean isPartial(RegisterOperand register) {
        return register.kind() != RegisterClass.R64 && register.kind() != RegisterClass.R32;
    }
}
