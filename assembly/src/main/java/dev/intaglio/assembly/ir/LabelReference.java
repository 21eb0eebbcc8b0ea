package dev.intaglio.assembly.ir;

/** A label as an operand names it. */
public sealed interface LabelReference {
    /** {@code >1}: the next definition of {@code 1:} in the text. */
    record Next(int number) implements LabelReference {
        @Override
        public String toString() {
            return ">" + number;
        }
    }

    /** {@code <1}: the last definition of {@code 1:} in the text. */
    record Last(int number) implements LabelReference {
        @Override
        public String toString() {
            return "<" + number;
        }
    }

    /** {@code ->name}: global to the emitter. */
    record Global(String name) implements LabelReference {
        @Override
        public String toString() {
            return "->" + name;
        }
    }

    /** {@code =>expression}: a label that the caller made. */
    record Given(Expression label) implements LabelReference {
        @Override
        public String toString() {
            return "=>" + label;
        }
    }
}
