package dev.intaglio.assembly.ir;

import dev.intaglio.assembly.machine.Register;
import java.util.Optional;

/** What stands between the brackets of a memory operand. */
public sealed interface Address {
    /**
     * {@code [base + index*scale + displacement]}, each part optional.
     *
     * @param base a fixed or chosen general register, or empty
     * @param index a fixed or chosen general register (never rsp), a vector register for gathers and scatters, or empty
     * @param scale 1, 2, 4 or 8; 1 where there is no index
     * @param displacement zero where none is written
     */
    record Indexed(Optional<RegisterOperand> base, Optional<RegisterOperand> index, int scale, Expression displacement)
            implements Address {
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder();
            base.ifPresent(text::append);
            index.ifPresent(register -> text.append(text.isEmpty() ? "" : " + ")
                    .append(register)
                    .append(scale == 1 && base.isPresent() ? "" : "*" + scale));
            if (text.isEmpty()) {
                return displacement.toString();
            }
            if (displacement.isConstant()) {
                long value = displacement.constant().getAsLong();
                return value == 0
                        ? text.toString()
                        : text + (value < 0 ? " - " + Long.toUnsignedString(-value) : " + " + value);
            }
            return text + " + " + displacement;
        }
    }

    /** {@code [rip + displacement]}: the raw distance from the next instruction. */
    record RipRaw(Expression displacement) implements Address {
        @Override
        public String toString() {
            return "rip + " + displacement;
        }
    }

    /** {@code [=>label + offset]}, {@code [->name]}, {@code [<1]}: a label, addressed relative to rip. */
    record RipLabel(LabelReference label, Expression offset) implements Address {
        @Override
        public String toString() {
            return label + (offset.isZero() ? "" : " + " + offset);
        }
    }

    /** {@code [&address]}: an absolute address, reached relative to rip. */
    record RipAddress(Expression address) implements Address {
        @Override
        public String toString() {
            return "&" + address;
        }
    }

    /** The segment whose base is added, {@code fs} or {@code gs} (or a useless one), with the address itself. */
    record InSegment(Register segment, Address address) implements Address {
        @Override
        public String toString() {
            return segment + ":" + address;
        }
    }
}
