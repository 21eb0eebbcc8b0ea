package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.RegisterClass;
import java.util.Optional;

/** The registers whose value is known at emission, on the way through a straight stretch of lines. */
final class KnownRegisters {
    /**
     * A register's value.
     *
     * @param value all 64 bits
     * @param line the move that loads it
     */
    record Known(Expression value, int line) {}

    private final Facts.Source facts;
    private final boolean keepsRead;
    private final Known[] known = new Known[16];

    private KnownRegisters(Facts.Source facts, boolean keepsRead) {
        this.facts = facts;
        this.keepsRead = keepsRead;
    }

    /** Registers are known until they are read, so that what loads them serves one use only. */
    static KnownRegisters untilRead(Facts.Source facts) {
        return new KnownRegisters(facts, false);
    }

    /** Registers are known until they are written. */
    static KnownRegisters untilWritten(Facts.Source facts) {
        return new KnownRegisters(facts, true);
    }

    /** Whether a line loads a register with a value known at emission. */
    static boolean loads(Line line) {
        return line instanceof Instruction instruction && loaded(instruction).isPresent();
    }

    /** What a register holds; empty where that is not known. */
    Optional<Known> of(RegisterOperand register) {
        return register instanceof RegisterOperand.Fixed fixed
                        && register.kind().isGeneral()
                        && register.kind() != RegisterClass.R8H
                ? Optional.ofNullable(known[fixed.register().number()])
                : Optional.empty();
    }

    /** Goes behind a line. */
    void pass(Line line, int at) {
        Optional<RegisterUse> use =
                line instanceof Instruction instruction ? RegisterUse.of(instruction, facts) : Optional.empty();
        if (use.isEmpty()) {
            java.util.Arrays.fill(known, null);
            return;
        }
        int touched =
                keepsRead ? use.get().written() : use.get().read() | use.get().written();
        for (int register = 0; register < known.length; register++) {
            if ((touched >> register & 1) != 0) {
                known[register] = null;
            }
        }
        Instruction instruction = (Instruction) line;
        loaded(instruction).ifPresent(value -> {
            int register = ((RegisterOperand.Fixed) instruction.operands().get(0))
                    .register()
                    .number();
            known[register] = new Known(value, at);
        });
    }

    /** The value that a {@code mov} of an immediate leaves in its register. */
    static Optional<Expression> loaded(Instruction instruction) {
        boolean isLoad = instruction.mnemonic().equals("mov")
                && instruction.operands().size() == 2
                && instruction.operands().get(0) instanceof RegisterOperand.Fixed
                && instruction.operands().get(1) instanceof Operand.Immediate;
        if (!isLoad) {
            return Optional.empty();
        }
        RegisterOperand register = (RegisterOperand) instruction.operands().get(0);
        Expression value = ((Operand.Immediate) instruction.operands().get(1)).value();
        if (!EmissionArithmetic.isInteger(value)) {
            return Optional.empty();
        }
        if (register.kind() == RegisterClass.R64) {
            return Optional.of(value);
        }
        // A value that does not fit is an error of this line, and must stay one.
        boolean fits =
                register.kind() == RegisterClass.R32 && ValueRange.of(value).fits32Bits();
        return fits ? Optional.of(EmissionArithmetic.low32(value)) : Optional.empty();
    }
}
