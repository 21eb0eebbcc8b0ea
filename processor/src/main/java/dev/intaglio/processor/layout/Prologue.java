package dev.intaglio.processor.layout;

import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The frame that a stencil makes at its head: {@code push rbp}, perhaps {@code mov rbp, rsp}, perhaps {@code sub rsp, bytes}.
 *
 * @param lines these
 * @param bytes of the frame, without the saved rbp; empty where there is no prologue
 * @param pointer whether rbp points to the frame
 * @param fromTop whether slots of the frame are addressed from rsp
 */
record Prologue(List<Line> lines, OptionalInt bytes, boolean pointer, boolean fromTop) {
    static final Prologue NONE = new Prologue(List.of(), OptionalInt.empty(), false, false);

    Prologue {
        lines = List.copyOf(lines);
    }

    /** The prologue of lines; labels may stand before it. */
    static Prologue of(List<Line> lines) {
        List<Instruction> head = new ArrayList<>();
        for (Line line : lines) {
            if (line instanceof Instruction instruction && head.size() < 3) {
                head.add(instruction);
            } else if (!head.isEmpty()) {
                break;
            }
        }
        if (head.isEmpty() || !head.get(0).toString().equals("push rbp")) {
            return NONE;
        }
        int length = 1;
        boolean pointer = head.size() > length && head.get(length).toString().equals("mov rbp, rsp");
        length += pointer ? 1 : 0;
        int bytes = 0;
        if (head.size() > length) {
            OptionalInt size = constantTo("sub", head.get(length));
            bytes = size.orElse(0);
            length += size.isPresent() ? 1 : 0;
        }
        return new Prologue(
                List.copyOf(head.subList(0, length)), OptionalInt.of(bytes), pointer, isAddressedFromTop(lines));
    }

    private static boolean isAddressedFromTop(List<Line> lines) {
        return lines.stream()
                .filter(Instruction.class::isInstance)
                .flatMap(line -> ((Instruction) line).operands().stream())
                .anyMatch(operand -> operand instanceof Operand.Memory memory
                        && memory.address().toString().matches("rsp\\b.*"));
    }

    /** The constant of {@code add rsp, constant} or {@code sub rsp, constant}. */
    static OptionalInt constantTo(String mnemonic, Instruction instruction) {
        return instruction.mnemonic().equals(mnemonic)
                        && instruction.operands().size() == 2
                        && instruction.operands().get(0).toString().equals("rsp")
                        && instruction.operands().get(1) instanceof Operand.Immediate immediate
                        && immediate.value().isConstant()
                        && immediate.value().constant().getAsLong() >= 0
                        && immediate.value().constant().getAsLong() <= 1 << 20
                ? OptionalInt.of((int) immediate.value().constant().getAsLong())
                : OptionalInt.empty();
    }

    /** What is on the stack where the prologue's block begins, the prologue taken as run. */
    StackState entry() {
        return bytes.isEmpty() ? StackState.DOWN : new StackState(bytes.getAsInt() > 0, true, 0);
    }
}
