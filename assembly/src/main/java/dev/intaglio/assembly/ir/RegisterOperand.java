package dev.intaglio.assembly.ir;

import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;

/** A register, with its name written or chosen when code is emitted. */
public sealed interface RegisterOperand extends Operand {
    RegisterClass kind();

    /** A register by name. */
    record Fixed(Register register) implements RegisterOperand {
        @Override
        public RegisterClass kind() {
            return register.kind();
        }

        @Override
        public String toString() {
            return register.toString();
        }
    }

    /** {@code Rq(number)}, {@code xmm(number)}: a register of {@code kind} whose number is known at emission. */
    record Chosen(RegisterClass kind, Expression number) implements RegisterOperand {
        @Override
        public String toString() {
            String family = switch (kind) {
                case R8 -> "Rb";
                case R16 -> "Rw";
                case R32 -> "Rd";
                case R64 -> "Rq";
                case XMM -> "xmm";
                case YMM -> "ymm";
                case ZMM -> "zmm";
                case MMX -> "mm";
                case MASK -> "k";
                case X87 -> "st";
                case SEGMENT -> "sreg";
                case CONTROL -> "cr";
                case DEBUG -> "dr";
                case R8H, BOUND -> kind.name();
            };
            return family + "(" + number + ")";
        }
    }
}
