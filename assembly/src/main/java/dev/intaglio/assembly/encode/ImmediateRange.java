package dev.intaglio.assembly.encode;

import dev.intaglio.assembly.table.InstructionForm;
import dev.intaglio.assembly.table.OperandPattern;
import dev.intaglio.assembly.table.OperandType;

/**
 * The values that an immediate's field holds without losing one.
 *
 * @param minimum the least
 * @param maximum the greatest
 * @param wrapsAt for a sign-extended field in an operand of fewer than 64 bits: 2 to the operand's size, and values just
 *     below it stand for negative ones; 0 otherwise
 */
record ImmediateRange(long minimum, long maximum, long wrapsAt) {
    static ImmediateRange of(OperandType.Immediate type, InstructionForm form) {
        int bits = type.bytes() * 8;
        if (bits == 64) {
            return new ImmediateRange(Long.MIN_VALUE, Long.MAX_VALUE, 0);
        }
        long half = 1L << bits - 1;
        return switch (type.range()) {
            case ANY -> new ImmediateRange(-half, 2 * half - 1, 0);
            case UNSIGNED -> new ImmediateRange(0, 2 * half - 1, 0);
            case SIGNED -> {
                int operandBits = operandBytes(form) * 8;
                long wraps = operandBits < 64 ? 1L << operandBits : 0;
                yield new ImmediateRange(-half, half - 1, wraps);
            }
        };
    }

    boolean contains(long value) {
        return value >= minimum && value <= maximum || wrapsAt > 0 && value < wrapsAt && value >= wrapsAt + minimum;
    }

    /** Whether every value that the field means can be checked by {@code minimum <= value <= maximum}. */
    boolean wraps() {
        return wrapsAt > 0;
    }

    /** The size of the operands that an immediate is extended to. */
    static int operandBytes(InstructionForm form) {
        int bytes = 0;
        for (OperandPattern operand : form.explicitOperands()) {
            if (operand.type() instanceof OperandType.RegisterOrMemory either) {
                int register = either.register().map(kind -> kind.bytes()).orElse(0);
                int memory = either.memory().map(OperandType.MemoryType::bytes).orElse(0);
                bytes = Math.max(bytes, Math.max(register, memory));
            } else if (operand.type() instanceof OperandType.Exactly exactly) {
                bytes = Math.max(bytes, exactly.register().kind().bytes());
            }
        }
        return bytes == 0 ? 8 : bytes;
    }
}
