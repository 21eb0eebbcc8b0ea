package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.FlagSet;
import dev.intaglio.assembly.machine.RegisterClass;

/**
 * A set of places where a value can live: parts of general registers, whole vector registers, and flags.
 *
 * <p>A general register has four parts: bits 0-7, 8-15, 16-31 and 32-63. Registers that are not tracked (x87, masks,
 * segments and so on) are in no set; nothing is ever concluded about them.
 *
 * @param general four bits a register, the part with the low bits first
 * @param vectors one bit a register
 * @param flags the flags
 */
public record Locations(long general, int vectors, FlagSet flags) {
    private static final FlagSet ALL_FLAGS = FlagSet.parse("oszapcd");

    public static final Locations NONE = new Locations(0, 0, FlagSet.NONE);
    /** All registers, no flag. */
    public static final Locations REGISTERS = new Locations(-1L, -1, FlagSet.NONE);

    public static final Locations ALL = new Locations(-1L, -1, ALL_FLAGS);
    /** What is live where a stencil ends: all registers and the direction flag, which the ABI wants kept. */
    public static final Locations AT_EXIT = new Locations(-1L, -1, FlagSet.parse("d"));

    public static Locations of(FlagSet flags) {
        return new Locations(0, 0, flags);
    }

    /** The parts that are read through this register; all that it may be, where it is chosen at emission. */
    public static Locations readThrough(RegisterOperand register) {
        RegisterClass kind = register.kind();
        if (!(register instanceof RegisterOperand.Fixed fixed)) {
            return anyOf(kind);
        }
        int number = fixed.register().number();
        if (kind.isVector()) {
            return new Locations(0, 1 << number, FlagSet.NONE);
        }
        return switch (kind) {
            case R8 -> general(number, 0b0001);
            case R8H -> general(number - 4, 0b0010);
            case R16 -> general(number, 0b0011);
            case R32 -> general(number, 0b0111);
            case R64 -> general(number, 0b1111);
            default -> NONE;
        };
    }

    /** The parts that differ after a write through this register: a 32-bit write clears the upper half. */
    public static Locations writtenThrough(RegisterOperand register) {
        if (register.kind() == RegisterClass.R32 && register instanceof RegisterOperand.Fixed fixed) {
            return general(fixed.register().number(), 0b1111);
        }
        return readThrough(register);
    }

    private static Locations anyOf(RegisterClass kind) {
        return new Locations(kind.isGeneral() ? -1L : 0, kind.isVector() ? -1 : 0, FlagSet.NONE);
    }

    private static Locations general(int number, int parts) {
        return new Locations((long) parts << 4 * number, 0, FlagSet.NONE);
    }

    public boolean isEmpty() {
        return equals(NONE);
    }

    public boolean intersects(Locations other) {
        return (general & other.general) != 0 || (vectors & other.vectors) != 0 || flags.intersects(other.flags);
    }

    public boolean containsAll(Locations other) {
        return other.minus(this).isEmpty();
    }

    public Locations plus(Locations other) {
        return new Locations(general | other.general, vectors | other.vectors, flags.plus(other.flags));
    }

    public Locations minus(Locations other) {
        return new Locations(general & ~other.general, vectors & ~other.vectors, flags.minus(other.flags));
    }

    /** All places that are not in this set. */
    public Locations complement() {
        return ALL.minus(this);
    }

    /** {@code r0:1111 v3 oszapc}: for messages and debugging. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int number = 0; number < 16; number++) {
            int parts = (int) (general >>> 4 * number) & 0b1111;
            if (parts != 0) {
                text.append("r")
                        .append(number)
                        .append(':')
                        .append(Integer.toBinaryString(parts))
                        .append(' ');
            }
        }
        for (int number = 0; number < 32; number++) {
            text.append((vectors >>> number & 1) != 0 ? "v" + number + " " : "");
        }
        return text.append(flags).toString().trim();
    }
}
