package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Decoration;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.table.Access;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an instruction reads and surely overwrites, from what the table says of it. Where the table does not tell all
 * (an instruction without a form, a repeated one, one that does more than its operands say), it reads everything.
 */
record TableEffects(Facts.Source facts) {
    private static final Set<String> SAFE_PREFIXES = Set.of("lock");
    /** With one register twice the result does not depend on it. */
    private static final Set<String> ZERO_OF_ONE_REGISTER = Set.of("xor", "sub");

    Effects of(Instruction instruction) {
        Optional<Facts> found = facts.of(instruction);
        if (found.isEmpty() || found.get().opaque() || !SAFE_PREFIXES.containsAll(instruction.prefixes())) {
            return Effects.UNKNOWN;
        }
        Locations reads = Locations.of(found.get().flags().read());
        Locations kills = Locations.of(found.get().flags().killed());
        List<Operand> operands = instruction.operands();
        boolean zero = isZero(instruction);
        for (int at = 0; at < operands.size(); at++) {
            Access access = found.get().access().get(at);
            if (operands.get(at) instanceof RegisterOperand register) {
                reads = reads.plus(access.reads() && !zero ? Locations.readThrough(register) : Locations.NONE);
                kills = kills.plus(access.writes() ? killed(register, instruction) : Locations.NONE);
            } else if (operands.get(at) instanceof Operand.Memory memory) {
                reads = reads.plus(readBy(memory.address()));
            }
        }
        for (Facts.Implicit implicit : found.get().implicit()) {
            reads = reads.plus(implicit.access().reads() ? Locations.readThrough(implicit.register()) : Locations.NONE);
            kills = kills.plus(implicit.access().writes() ? killed(implicit.register(), instruction) : Locations.NONE);
        }
        return new Effects(reads, kills);
    }

    private static boolean isZero(Instruction instruction) {
        List<Operand> operands = instruction.operands();
        return ZERO_OF_ONE_REGISTER.contains(instruction.mnemonic())
                && operands.size() == 2
                && operands.get(0) instanceof RegisterOperand.Fixed
                && operands.get(0).equals(operands.get(1));
    }

    /** A register chosen at emission is not known; what SSE and masked instructions write keeps a part of the register. */
    private static Locations killed(RegisterOperand register, Instruction instruction) {
        if (!(register instanceof RegisterOperand.Fixed)) {
            return Locations.NONE;
        }
        boolean whole = instruction.mnemonic().startsWith("v")
                && instruction.decoration().equals(Decoration.NONE);
        return register.kind().isGeneral() || whole ? Locations.writtenThrough(register) : Locations.NONE;
    }

    /** The registers that are read to find where a call or jump leads. */
    static Locations readByTarget(Operand target) {
        if (target instanceof RegisterOperand register) {
            return Locations.readThrough(register);
        }
        return target instanceof Operand.Memory memory ? readBy(memory.address()) : Locations.NONE;
    }

    private static Locations readBy(Address address) {
        if (address instanceof Address.InSegment inSegment) {
            return readBy(inSegment.address());
        }
        if (!(address instanceof Address.Indexed indexed)) {
            return Locations.NONE;
        }
        Locations base = indexed.base().map(Locations::readThrough).orElse(Locations.NONE);
        return base.plus(indexed.index().map(Locations::readThrough).orElse(Locations.NONE));
    }
}
