package dev.intaglio.peephole;

import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.Width;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** An operand in a rule. It prints as a rule spells it. */
sealed interface OperandPattern {
    /**
     * {@code $d}, {@code $d:r32|r64}, {@code $d.32}.
     *
     * @param classes what it may stand for; empty where it is used again
     * @param bits the part of the register that is meant, 8 to 64; 0 for the register as it was bound
     */
    record Variable(String name, List<OperandClass> classes, int bits) implements OperandPattern {
        public Variable {
            classes = List.copyOf(classes);
        }

        @Override
        public String toString() {
            String among = classes.stream().map(OperandClass::toString).collect(Collectors.joining("|"));
            return "$" + name + (among.isEmpty() ? "" : ":" + among) + (bits == 0 ? "" : "." + bits);
        }
    }

    /** A register by name. */
    record Named(Register register) implements OperandPattern {
        @Override
        public String toString() {
            return register.toString();
        }
    }

    /** A number. */
    record Number(long value) implements OperandPattern {
        @Override
        public String toString() {
            return Long.toString(value);
        }
    }

    /** {@code [$a + $b*4 + $c]}, on the right side only: an address made of registers and a number. */
    record Sum(
            Optional<Width> width, Variable base, Optional<Variable> index, int scale, Optional<OperandPattern> number)
            implements OperandPattern {
        @Override
        public String toString() {
            return width.map(word -> word + " ").orElse("")
                    + "["
                    + base
                    + index.map(register -> " + " + register + (scale == 1 ? "" : "*" + scale))
                            .orElse("")
                    + number.map(each -> " + " + each).orElse("")
                    + "]";
        }
    }
}
