package dev.intaglio.processor.layout;

import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Instructions as a text with holes where their values are not known yet, and these values: two that are equal in both do the same
 * wherever they stand.
 */
public final class Shape {
    /** The most values that the runtime keeps of a shape. */
    public static final int MOST_VALUES = 3;

    private final StringBuilder text = new StringBuilder();
    private final List<Expression> values = new ArrayList<>();
    private final List<RegisterOperand> registers = new ArrayList<>();
    private boolean memory;

    Shape() {}

    /** Adds words that stand as they are. */
    Shape add(String words) {
        text.append(words).append(' ');
        return this;
    }

    /** Adds an operand; whether it is a register, a number or an address of registers, of which all is said. */
    boolean add(Operand operand) {
        if (operand instanceof RegisterOperand register) {
            add(register);
            return true;
        }
        if (operand instanceof Operand.Immediate immediate) {
            immediate.width().ifPresent(width -> add(width.toString()));
            add(immediate.value());
            return immediate.value().type().isNumeric();
        }
        if (!(operand instanceof Operand.Memory read) || !(read.address() instanceof Address.Indexed address)) {
            return false;
        }
        memory = true;
        read.width().ifPresent(width -> add(width.toString()));
        add("[");
        read.displacementSize().ifPresent(size -> add(size.toString()));
        for (Optional<RegisterOperand> part : List.of(address.base(), address.index())) {
            part.ifPresentOrElse(this::add, () -> add("-"));
        }
        add(Integer.toString(address.scale()));
        add(address.displacement());
        add("]");
        return true;
    }

    private void add(RegisterOperand register) {
        registers.add(register);
        if (register instanceof RegisterOperand.Chosen chosen) {
            add(chosen.kind().toString());
            add(chosen.number());
        } else {
            add(register.toString());
        }
    }

    private void add(Expression value) {
        if (value.isConstant()) {
            add(Long.toString(value.constant().getAsLong()));
        } else {
            values.add(value);
            add("?");
        }
    }

    String text() {
        return text.toString().strip();
    }

    List<Expression> values() {
        return values;
    }

    List<RegisterOperand> registers() {
        return registers;
    }

    /** Whether an operand is memory. */
    boolean memory() {
        return memory;
    }
}
