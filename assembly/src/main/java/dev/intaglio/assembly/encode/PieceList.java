package dev.intaglio.assembly.encode;

import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.RegisterOperand;
import java.util.ArrayList;
import java.util.List;

/** Collects the pieces of a case; neighbouring constants become one piece. */
final class PieceList {
    private final List<EncodingPlan.Piece> pieces = new ArrayList<>();
    private final List<Integer> constants = new ArrayList<>();

    PieceList constant(int value) {
        constants.add(value & 0xFF);
        return this;
    }

    PieceList constants(long value, int size) {
        for (int i = 0; i < size; i++) {
            constant((int) (value >> 8 * i));
        }
        return this;
    }

    /** The value in {@code size} bytes, constant or not. */
    PieceList value(Expression value, int size, int unit) {
        if (value.isConstant()) {
            return constants(value.constant().getAsLong() / unit, size);
        }
        return piece(new EncodingPlan.Piece.Value(value, size, unit));
    }

    PieceList bits(BitByte bits) {
        return bits.registers.isEmpty()
                ? constant(bits.constant)
                : piece(new EncodingPlan.Piece.Registers(bits.constant, bits.registers));
    }

    PieceList piece(EncodingPlan.Piece piece) {
        flush();
        pieces.add(piece);
        return this;
    }

    PieceList all(List<EncodingPlan.Piece> others) {
        for (EncodingPlan.Piece other : others) {
            if (other instanceof EncodingPlan.Piece.Fixed fixed) {
                constants.addAll(fixed.bytes().values());
            } else {
                piece(other);
            }
        }
        return this;
    }

    List<EncodingPlan.Piece> build() {
        flush();
        return List.copyOf(pieces);
    }

    private void flush() {
        if (!constants.isEmpty()) {
            pieces.add(new EncodingPlan.Piece.Fixed(new EncodingPlan.Bytes(constants)));
            constants.clear();
        }
    }

    /** A byte made of constant bits and bits of registers. */
    static final class BitByte {
        private int constant;
        private final List<EncodingPlan.RegisterBits> registers = new ArrayList<>();

        BitByte(int constant) {
            this.constant = constant;
        }

        /** The same bits with more constant ones. */
        BitByte copyWith(int more) {
            BitByte copy = new BitByte(constant | more);
            copy.registers.addAll(registers);
            return copy;
        }

        void set(int more) {
            constant |= more;
        }

        /** Adds {@code ((number & mask) >> right) << left}, the bits inverted first if asked. */
        BitByte add(RegisterOperand register, int mask, int right, int left, boolean inverted) {
            if (register instanceof RegisterOperand.Fixed fixed) {
                int number = fixed.register().number();
                constant |= ((inverted ? ~number : number) & mask) >> right << left;
            } else {
                Expression number = ((RegisterOperand.Chosen) register).number();
                registers.add(new EncodingPlan.RegisterBits(number, mask, right, left, inverted));
            }
            return this;
        }
    }
}
