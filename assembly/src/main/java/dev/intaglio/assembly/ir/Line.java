package dev.intaglio.assembly.ir;

import dev.intaglio.assembly.diagnostic.Span;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A line of a stencil after parsing; macros are expanded and conditions of the processor decided. */
public sealed interface Line
        permits Instruction,
                Line.LabelDefinition,
                Line.SectionSwitch,
                Line.Align,
                Line.Data,
                Line.PatchPoint,
                Line.Enter,
                Line.Leave,
                Line.Frame,
                Line.Position,
                Line.Observe,
                Line.Java,
                Line.BadLine {
    Span span();

    /** {@code 1:}, {@code ->name:} or {@code =>expression:}. Local labels are held as {@link LabelReference.Next}. */
    record LabelDefinition(LabelReference label, Span span) implements Line {
        @Override
        public String toString() {
            return (label instanceof LabelReference.Next local ? Integer.toString(local.number()) : label) + ":";
        }
    }

    /** {@code .code}, {@code .cold}, {@code .data} or a section the user named. */
    record SectionSwitch(String section, Span span) implements Line {
        /** The section in which a stencil begins. */
        public static final String HOT = "code";

        /** The section that is laid behind all hot code. */
        public static final String COLD = "cold";

        @Override
        public String toString() {
            return "." + section;
        }
    }

    /** {@code .align bytes}: a power of two. */
    record Align(int bytes, Span span) implements Line {
        @Override
        public String toString() {
            return ".align " + bytes;
        }
    }

    /**
     * {@code .byte}, {@code .word}, {@code .dword}, {@code .qword} with their items.
     *
     * @param itemBytes 1, 2, 4 or 8
     */
    record Data(int itemBytes, List<DataItem> items, Span span) implements Line {
        public Data {
            items = List.copyOf(items);
        }

        @Override
        public String toString() {
            String directive = switch (itemBytes) {
                case 1 -> ".byte ";
                case 2 -> ".word ";
                case 4 -> ".dword ";
                default -> ".qword ";
            };
            return directive + items.stream().map(DataItem::toString).collect(Collectors.joining(", "));
        }
    }

    /** One item of a data directive. */
    sealed interface DataItem {
        record Value(Expression value) implements DataItem {
            @Override
            public String toString() {
                return value.toString();
            }
        }

        /** The address of a label (only in a {@code .qword}), plus an offset. */
        record LabelAddress(LabelReference label, Expression offset) implements DataItem {
            @Override
            public String toString() {
                return label + plus(offset);
            }
        }

        /** {@code =>label - .}: the distance from this item's first byte to the label, plus an offset. */
        record LabelDistance(LabelReference label, Expression offset) implements DataItem {
            @Override
            public String toString() {
                return label + " - ." + plus(offset);
            }
        }

        /** {@code =>label - =>from}: the distance between two labels, plus an offset. */
        record LabelDifference(LabelReference label, LabelReference from, Expression offset) implements DataItem {
            @Override
            public String toString() {
                return label + " - " + from + plus(offset);
            }
        }

        private static String plus(Expression offset) {
            return offset.isZero() ? "" : " + " + offset;
        }
    }

    /**
     * {@code .patch site, instruction}: a branch, a call or a {@code mov} of a constant whose target or constant is exchanged
     * while it runs. It stands as it is written: no rule looks into it, and its field is always of full width.
     *
     * @param site the runtime's handle
     * @param instruction with one operand, a label or an address; or with a register of 32 or 64 bits and a number
     */
    record PatchPoint(Expression site, Instruction instruction, Span span) implements Line {
        @Override
        public String toString() {
            return ".patch " + site + ", " + instruction;
        }
    }

    /**
     * {@code .enter}: makes the frame that the stencils of a piece share, as large as any of them needs:
     * {@code push rbp; mov rbp, rsp; sub rsp, size}.
     */
    record Enter(Span span) implements Line {
        @Override
        public String toString() {
            return ".enter";
        }
    }

    /**
     * {@code .leave}: takes the shared frame down ({@code leave}). With a {@code jmp} to an address behind it, both are one: a
     * piece that lies there and needs no larger frame takes this one over.
     */
    record Leave(Span span) implements Line {
        @Override
        public String toString() {
            return ".leave";
        }
    }

    /**
     * {@code .frame bytes}: the stencil needs so many bytes from rsp upwards.
     *
     * @param bytes known now, or an int at emission
     */
    record Frame(Expression bytes, Span span) implements Line {
        @Override
        public String toString() {
            return ".frame " + bytes;
        }
    }

    /**
     * {@code .position [base + displacement], value}: from here on the eight bytes there are to hold the value when somebody looks;
     * nothing is emitted. {@code .position} alone: what they hold is not known.
     *
     * @param slot a 64-bit base register and a displacement, with the value; empty where it is not known
     */
    record Position(Optional<Slot> slot, Span span) implements Line {
        /** Where a position is kept, and the present one. */
        public record Slot(RegisterOperand.Fixed base, Expression displacement, Expression value) {}

        @Override
        public String toString() {
            return slot.map(held -> ".position ["
                            + new Address.Indexed(Optional.of(held.base()), Optional.empty(), 1, held.displacement())
                            + "], " + held.value())
                    .orElse(".position");
        }
    }

    /**
     * {@code .observe}: somebody may look at the position here, so it is written unless its place holds it already.
     *
     * @param scratch a 64-bit register that may be used for it
     */
    record Observe(Optional<RegisterOperand.Fixed> scratch, Span span) implements Line {
        @Override
        public String toString() {
            return ".observe" + scratch.map(register -> " " + register).orElse("");
        }
    }

    /** A line of Java, without the line's end. */
    record Java(String source, Span span) implements Line {
        @Override
        public String toString() {
            return source;
        }
    }

    /** A line that could not be understood; it has been reported, and later stages pass it by in silence. */
    record BadLine(Span span) implements Line {}
}
