package dev.intaglio.assembly.ir;

import dev.intaglio.assembly.machine.Width;
import java.util.Optional;

/** An operand of an {@link Instruction}. It prints as assembly. */
public sealed interface Operand permits RegisterOperand, Operand.Memory, Operand.Immediate, Operand.LabelTarget {
    /**
     * A memory operand.
     *
     * @param width the size word, where one is written
     * @param address what stands between the brackets
     * @param displacementSize {@code byte} or {@code dword} written inside the brackets to force the displacement's size
     */
    record Memory(Optional<Width> width, Address address, Optional<Width> displacementSize) implements Operand {
        @Override
        public String toString() {
            return width.map(word -> word + " ").orElse("")
                    + "["
                    + displacementSize.map(word -> word + " ").orElse("")
                    + address
                    + "]";
        }
    }

    /**
     * A number; for {@code call}, {@code jmp} and the like the address to go to.
     *
     * @param width a size word written before it, which forces the immediate's size
     */
    record Immediate(Expression value, Optional<Width> width) implements Operand {
        @Override
        public String toString() {
            return width.map(word -> word + " ").orElse("") + value;
        }
    }

    /** {@code =>label + offset}, {@code ->name}, {@code >1} as the target of a branch. */
    record LabelTarget(LabelReference label, Expression offset) implements Operand {
        @Override
        public String toString() {
            return label + (offset.isZero() ? "" : " + " + offset);
        }
    }
}
