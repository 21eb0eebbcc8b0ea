package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.RegisterClass;
import dev.intaglio.assembly.machine.Width;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a metavariable of a rule may stand for. ah, ch, dh and bh are in no class. */
enum OperandClass {
    R8,
    R16,
    R32,
    R64,
    XMM,
    M8,
    M16,
    M32,
    M64,
    M128,
    /** A number, known or computed at emission. */
    IMM,
    /** A known number from 0 to 127. */
    IMM7U,
    /** A known number from -128 to 127. */
    IMM8S,
    /** A known number that fits 32 bits with a sign. */
    IMM32S,
    /** A known number that fits 32 bits without a sign. */
    IMM32U,
    /** The target of a branch, without an offset. */
    LABEL;

    /** The classes of a word such as {@code r64}, or of {@code r} and {@code m}, which stand for several. */
    static List<OperandClass> parse(String word) {
        return switch (word) {
            case "r" -> List.of(R8, R16, R32, R64);
            case "m" -> List.of(M8, M16, M32, M64);
            default ->
                Arrays.stream(values())
                        .filter(each -> each.toString().equals(word))
                        .toList();
        };
    }

    static String all() {
        return "r, m, " + Arrays.stream(values()).map(OperandClass::toString).collect(Collectors.joining(", "));
    }

    Optional<RegisterClass> registers() {
        return switch (this) {
            case R8 -> Optional.of(RegisterClass.R8);
            case R16 -> Optional.of(RegisterClass.R16);
            case R32 -> Optional.of(RegisterClass.R32);
            case R64 -> Optional.of(RegisterClass.R64);
            case XMM -> Optional.of(RegisterClass.XMM);
            default -> Optional.empty();
        };
    }

    Optional<Width> memory() {
        return switch (this) {
            case M8 -> Optional.of(Width.BYTE);
            case M16 -> Optional.of(Width.WORD);
            case M32 -> Optional.of(Width.DWORD);
            case M64 -> Optional.of(Width.QWORD);
            case M128 -> Optional.of(Width.OWORD);
            default -> Optional.empty();
        };
    }

    boolean isImmediate() {
        return this == IMM || this == IMM7U || this == IMM8S || this == IMM32S || this == IMM32U;
    }

    /** Whether a number is in this class. */
    boolean holds(long value) {
        return switch (this) {
            case IMM -> true;
            case IMM7U -> value >>> 7 == 0;
            case IMM8S -> (byte) value == value;
            case IMM32S -> (int) value == value;
            case IMM32U -> value >>> 32 == 0;
            default -> false;
        };
    }

    /**
     * Whether an operand is in this class.
     *
     * @param memoryWidth the width of the operand if it is in memory, as written or as its instruction implies it
     */
    boolean holds(Operand operand, Optional<Width> memoryWidth) {
        if (operand instanceof RegisterOperand register) {
            return registers().equals(Optional.of(register.kind()));
        }
        if (operand instanceof Operand.Memory memory) {
            return memory().isPresent()
                    && memory().equals(memoryWidth)
                    && memory.displacementSize().isEmpty();
        }
        if (operand instanceof Operand.Immediate immediate) {
            boolean anyValue = this == IMM;
            boolean fits = immediate.value().isConstant()
                    && holds(immediate.value().constant().getAsLong());
            return isImmediate() && immediate.width().isEmpty() && (anyValue || fits);
        }
        return this == LABEL
                && operand instanceof Operand.LabelTarget target
                && target.offset().isZero();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
