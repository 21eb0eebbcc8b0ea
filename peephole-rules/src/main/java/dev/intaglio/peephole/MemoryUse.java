package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.Width;
import dev.intaglio.assembly.table.Access;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What memory an instruction reads and writes. Only of common instructions is the place known; of any other that has to do with
 * memory, or of which the table does not tell all, it may be any place.
 *
 * @param reads whether it reads memory
 * @param writes whether it writes memory
 * @param slot the one place; empty for any
 */
record MemoryUse(boolean reads, boolean writes, Optional<Slot> slot) {
    static final MemoryUse NONE = new MemoryUse(false, false, Optional.empty());
    /** May read and write anything, and is not to be crossed: calls, fences, locked instructions. */
    static final MemoryUse UNKNOWN = new MemoryUse(true, true, Optional.empty());

    /** With an operand in memory that is as wide as the register beside it, or as its size word says. */
    private static final Set<String> INTEGER = Set.of(
            "mov", "add", "sub", "and", "or", "xor", "adc", "sbb", "cmp", "test", "imul", "inc", "dec", "neg", "not",
            "shl", "sal", "shr", "sar", "rol", "ror", "movzx", "movsx", "movsxd");

    /** Scalar and whole-register moves of vector registers, with the bytes that they move. */
    private static final Map<String, Integer> VECTOR = Map.ofEntries(
            Map.entry("movss", 4),
            Map.entry("movd", 4),
            Map.entry("movsd", 8),
            Map.entry("movq", 8),
            Map.entry("movaps", 16),
            Map.entry("movups", 16),
            Map.entry("movapd", 16),
            Map.entry("movupd", 16),
            Map.entry("movdqa", 16),
            Map.entry("movdqu", 16));

    private static final Set<String> SCALAR_DOUBLE =
            Set.of("addsd", "subsd", "mulsd", "divsd", "sqrtsd", "minsd", "maxsd", "ucomisd", "comisd");

    static MemoryUse of(Instruction instruction, Facts.Source facts) {
        if (isBranchToLabel(instruction)) {
            return NONE;
        }
        Optional<Facts> found = facts.of(instruction);
        if (RegisterUse.of(instruction, facts).isEmpty()
                || found.isEmpty()
                || found.get().implicitMemory()) {
            return UNKNOWN;
        }
        for (int at = 0; at < instruction.operands().size(); at++) {
            if (instruction.operands().get(at) instanceof Operand.Memory memory
                    && !instruction.mnemonic().equals("lea")) {
                Access access = found.get().access().get(at);
                Optional<Slot> slot = bytes(memory, instruction).flatMap(bytes -> Slot.of(memory, bytes));
                boolean plain = isPlain(instruction);
                return new MemoryUse(
                        access.reads() || !plain, access.writes() || !plain, plain ? slot : Optional.empty());
            }
        }
        return NONE;
    }

    /** Jumps by themselves change nothing but where control is. */
    private static boolean isBranchToLabel(Instruction instruction) {
        return instruction.mnemonic().startsWith("j")
                && instruction.prefixes().isEmpty()
                && instruction.operands().size() == 1
                && instruction.operands().get(0) instanceof Operand.LabelTarget;
    }

    private static boolean isPlain(Instruction instruction) {
        String mnemonic = instruction.mnemonic();
        return INTEGER.contains(mnemonic)
                || VECTOR.containsKey(mnemonic)
                || SCALAR_DOUBLE.contains(mnemonic)
                || mnemonic.startsWith("cmov")
                || mnemonic.startsWith("set");
    }

    /** How many bytes an operand in memory has. */
    private static Optional<Integer> bytes(Operand.Memory memory, Instruction instruction) {
        String mnemonic = instruction.mnemonic();
        if (mnemonic.startsWith("set")) {
            return Optional.of(1);
        }
        if (mnemonic.equals("movsxd")) {
            return Optional.of(4);
        }
        if (mnemonic.startsWith("cmov")) {
            return Optional.of(
                    ((RegisterOperand) instruction.operands().get(0)).kind().bytes());
        }
        if (SCALAR_DOUBLE.contains(mnemonic)) {
            return Optional.of(8);
        }
        boolean general = instruction.operands().stream()
                .noneMatch(operand -> operand instanceof RegisterOperand register
                        && !register.kind().isGeneral());
        if (!general) {
            return Optional.ofNullable(VECTOR.get(mnemonic));
        }
        return Window.width(memory, instruction).map(Width::bytes);
    }

    /** Whether it may read a byte of the slot. */
    boolean mayRead(Slot other) {
        return reads && slot.map(other::mayOverlap).orElse(true);
    }

    /** Whether it may write a byte of the slot. */
    boolean mayWrite(Slot other) {
        return writes && slot.map(other::mayOverlap).orElse(true);
    }
}
