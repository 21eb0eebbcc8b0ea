package dev.intaglio.processor.layout;

import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.RegisterOperand;
import java.util.List;

/** What a line of hot code does that later lines can know of, and that need not be done twice. */
public sealed interface Carried {
    /**
     * The register's 64 bits become a constant.
     *
     * @param vanishes whether the line has no other effect, so that it goes where the register holds the constant
     */
    record Constant(RegisterOperand register, Expression value, boolean vanishes) implements Carried {}

    /** {@code mov r64, [base + displacement]}. */
    record Load(RegisterOperand register, RegisterOperand base, Expression displacement) implements Carried {}

    /** {@code mov [base + displacement], r64}. */
    record Store(RegisterOperand register, RegisterOperand base, Expression displacement) implements Carried {}

    /** {@code mov r64, r64}. */
    record Copy(RegisterOperand to, RegisterOperand from) implements Carried {}

    /** Bytes behind a base register are written. */
    record Write(RegisterOperand base, Expression displacement, int bytes) implements Carried {}

    /**
     * A comparison, and a branch on the next line, whose flags nobody else reads.
     *
     * @param shape the lines without their values
     * @param values at most three
     * @param registers the registers that the comparison reads
     * @param memory whether it reads memory
     */
    record Branch(String shape, List<Expression> values, List<RegisterOperand> registers, boolean memory)
            implements Carried {
        public Branch {
            values = List.copyOf(values);
            registers = List.copyOf(registers);
        }
    }

    /** Whether the line, and for a branch the next one too, may go. */
    default boolean mayVanish() {
        return this instanceof Constant constant
                ? constant.vanishes()
                : this instanceof Load || this instanceof Store || this instanceof Branch;
    }
}
