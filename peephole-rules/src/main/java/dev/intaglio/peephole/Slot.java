package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.RegisterClass;
import java.util.Optional;

/**
 * Some bytes of memory at {@code [base + index*scale + open + offset]}, with fixed 64-bit registers and a displacement whose open
 * part has the same value each time it is evaluated between two Java lines.
 *
 * @param base the number of a register
 * @param index the number of a register, -1 for none
 * @param scale 1 where there is no index
 * @param open what is known of the displacement at emission only
 * @param offset what is known of it now
 * @param bytes how many bytes
 */
record Slot(int base, int index, int scale, Expression open, long offset, int bytes) {
    /** The slot of an operand; empty where its address is of another kind. */
    static Optional<Slot> of(Operand.Memory memory, int bytes) {
        if (!(memory.address() instanceof Address.Indexed address)
                || !EmissionArithmetic.isInteger(address.displacement())) {
            return Optional.empty();
        }
        int base = number(address.base());
        int index = number(address.index());
        if (base < 0 || index < 0 && address.index().isPresent()) {
            return Optional.empty();
        }
        Expression displacement = address.displacement();
        if (displacement.isConstant()) {
            long offset = displacement.constant().getAsLong();
            return Optional.of(new Slot(base, index, address.scale(), Expression.ZERO, offset, bytes));
        }
        if (displacement instanceof Expression.Sum sum && sum.right().isConstant()) {
            long offset = sum.right().constant().getAsLong();
            return Optional.of(new Slot(base, index, address.scale(), sum.left(), offset, bytes));
        }
        return Optional.of(new Slot(base, index, address.scale(), displacement, 0, bytes));
    }

    private static int number(Optional<RegisterOperand> register) {
        return register.orElse(null) instanceof RegisterOperand.Fixed fixed && fixed.kind() == RegisterClass.R64
                ? fixed.register().number()
                : -1;
    }

    /** The registers that the address is made of, one bit each. */
    int registers() {
        return 1 << base | (index < 0 ? 0 : 1 << index);
    }

    /** Whether the distance between the two is known. */
    private boolean isComparable(Slot other) {
        return base == other.base && index == other.index && scale == other.scale && open.equals(other.open);
    }

    /** Whether the two may have a byte in common: surely not, only if they have one address with different numbers added. */
    boolean mayOverlap(Slot other) {
        return !isComparable(other) || offset < other.offset + other.bytes && other.offset < offset + bytes;
    }

    /** Whether all bytes of the other are surely among the bytes of this one. */
    boolean covers(Slot other) {
        return isComparable(other) && offset <= other.offset && other.offset + other.bytes <= offset + bytes;
    }

    /** Whether this one surely begins with the bytes of the other. */
    boolean beginsWith(Slot other) {
        return covers(other) && offset == other.offset;
    }
}
