package dev.intaglio.processor.write;

import dev.intaglio.assembly.encode.EncodingPlan.Case;
import dev.intaglio.assembly.encode.EncodingPlan.Condition;
import dev.intaglio.assembly.encode.EncodingPlan.Piece;
import dev.intaglio.assembly.ir.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Two cases that end with an immediate, of a byte where that holds the value with its sign and else of two or four, and differ in one bit
 * before it: the opcodes 81 and 83, 68 and 6A, 69 and 6B (SDM volume 2, opcode map, bit s).
 *
 * @param head the bytes before the immediate, as they are for the wide one
 * @param index of the byte in the head that has the bit
 * @param bit which one is set for a byte
 * @param value the immediate
 * @param size bytes of the wide one
 * @param cast what gives the bits that the instruction uses their sign; empty where they are all
 */
record ByteOrWide(List<Integer> head, int index, int bit, Expression value, int size, String cast) {

    static Optional<ByteOrWide> match(List<Case> cases) {
        if (cases.size() != 2 || !cases.get(1).conditions().isEmpty()) {
            return Optional.empty();
        }
        List<Integer> narrowHead = new ArrayList<>();
        List<Integer> wideHead = new ArrayList<>();
        Optional<Piece.Value> narrow = immediate(cases.get(0), narrowHead);
        Optional<Piece.Value> wide = immediate(cases.get(1), wideHead);
        Optional<String> cast = narrow.flatMap(value -> cast(cases.get(0).conditions(), value.value()));
        if (cast.isEmpty()
                || wide.isEmpty()
                || narrow.get().size() != 1
                || wide.get().size() > 4
                || !wide.get().value().equals(narrow.get().value())
                || narrowHead.size() != wideHead.size()) {
            return Optional.empty();
        }
        int index = -1;
        for (int i = 0; i < wideHead.size(); i++) {
            int bits = narrowHead.get(i) ^ wideHead.get(i);
            boolean isOneMore = Integer.bitCount(bits) == 1 && (narrowHead.get(i) & bits) != 0;
            if (bits != 0 && (index >= 0 || !isOneMore)) {
                return Optional.empty();
            }
            index = bits != 0 ? i : index;
        }
        if (index < 0) {
            return Optional.empty();
        }
        int bit = Integer.numberOfTrailingZeros(narrowHead.get(index) ^ wideHead.get(index));
        return Optional.of(new ByteOrWide(
                wideHead, index, bit, wide.get().value(), wide.get().size(), cast.get()));
    }

    /** The value with which a case ends, if nothing but constant bytes stands before it. */
    private static Optional<Piece.Value> immediate(Case one, List<Integer> head) {
        for (Piece piece : one.pieces()) {
            if (piece instanceof Piece.Fixed fixed) {
                head.addAll(fixed.bytes().values());
            } else {
                boolean isLast = piece == one.pieces().get(one.pieces().size() - 1);
                return isLast && piece instanceof Piece.Value value && value.unit() == 1
                        ? Optional.of(value)
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static Optional<String> cast(List<Condition> conditions, Expression value) {
        if (conditions.equals(List.of(new Condition.FitsByte(value, 1)))) {
            return Optional.of("");
        }
        for (int bits : new int[] {16, 32}) {
            if (conditions.equals(List.of(new Condition.LowBitsFitByte(value, bits)))) {
                return Optional.of(bits == 16 ? "(short) " : "(int) ");
            }
        }
        return Optional.empty();
    }
}
