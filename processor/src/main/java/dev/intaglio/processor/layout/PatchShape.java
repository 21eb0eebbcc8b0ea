package dev.intaglio.processor.layout;

import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.Condition;
import dev.intaglio.assembly.machine.RegisterClass;

/**
 * The bytes of an instruction whose last field is patched: the field has always its full width and lies within eight bytes that
 * are aligned, for which NOPs stand before the instruction.
 *
 * @param opcode of a branch, its bytes from the lowest; 0 for {@code mov}
 * @param head the bytes before the field
 * @param field the bytes of the field
 */
public record PatchShape(int opcode, int head, int field) {
    private static final int WORD = 8;

    /** The shape of a patch point. */
    public static PatchShape of(Line.PatchPoint patch) {
        String mnemonic = patch.instruction().mnemonic();
        return switch (mnemonic) {
            case "jmp" -> new PatchShape(0xE9, 1, 4);
            case "call" -> new PatchShape(0xE8, 1, 4);
            case "mov" -> {
                RegisterOperand register =
                        (RegisterOperand) patch.instruction().operands().get(0);
                yield new PatchShape(0, 2, register.kind() == RegisterClass.R64 ? 8 : 4);
            }
            default ->
                new PatchShape(
                        0x800F
                                | Condition.parse(mnemonic.substring(1))
                                                .orElseThrow()
                                                .code()
                                        << 8,
                        2,
                        4);
        };
    }

    /** The bytes of the instruction. */
    public int length() {
        return head + field;
    }

    /** The bytes of the instruction and of the most NOPs before it. */
    public int maxLength() {
        return length() + (field == WORD ? WORD - 1 : field - 1);
    }
}
