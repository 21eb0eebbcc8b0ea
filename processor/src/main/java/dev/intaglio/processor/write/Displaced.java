package dev.intaglio.processor.write;

import dev.intaglio.assembly.encode.EncodingPlan.Case;
import dev.intaglio.assembly.encode.EncodingPlan.Condition;
import dev.intaglio.assembly.encode.EncodingPlan.Piece;
import dev.intaglio.assembly.ir.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The most frequent shape of cases: one head with a displacement of 0, 8 or 32 bits, which the runtime has a method for.
 *
 * @param head the head's bytes with mod 00: constants, or pieces of register bits
 * @param modRm the index of ModRM in the head
 * @param zeroForm whether the displacement may be left out
 * @param rest the pieces that follow in all cases
 */
record Displaced(List<Object> head, int modRm, boolean zeroForm, Expression displacement, List<Piece> rest) {
    private static final int LONGEST_HEAD = 7;

    static Optional<Displaced> match(List<Case> cases) {
        if (cases.size() < 2 || cases.size() > 3) {
            return Optional.empty();
        }
        Case large = cases.get(cases.size() - 1);
        Case small = cases.get(cases.size() - 2);
        int place = valueIndex(large.pieces());
        if (place < 0 || valueIndex(small.pieces()) != place) {
            return Optional.empty();
        }
        Piece.Value wide = (Piece.Value) large.pieces().get(place);
        Piece.Value narrow = (Piece.Value) small.pieces().get(place);
        Expression displacement = wide.value();
        List<Piece> rest = large.pieces().subList(place + 1, large.pieces().size());
        boolean fits = wide.size() == 4
                && narrow.size() == 1
                && narrow.unit() == 1
                && narrow.value().equals(displacement)
                && small.conditions().equals(List.of(new Condition.FitsByte(displacement, 1)))
                && small.pieces().subList(place + 1, small.pieces().size()).equals(rest);
        if (!fits) {
            return Optional.empty();
        }
        List<Object> wideHead = units(large.pieces().subList(0, place));
        List<Object> narrowHead = units(small.pieces().subList(0, place));
        Optional<Integer> modRm = modRm(narrowHead, wideHead);
        if (modRm.isEmpty() || wideHead.size() > LONGEST_HEAD) {
            return Optional.empty();
        }
        List<Object> head = new ArrayList<>(narrowHead);
        head.set(modRm.get(), plus(head.get(modRm.get()), -0x40));
        if (cases.size() == 2) {
            return Optional.of(new Displaced(head, modRm.get(), false, displacement, rest));
        }
        Case zero = cases.get(0);
        boolean zeroFits = zero.conditions().equals(List.of(new Condition.Zero(displacement)))
                && units(zero.pieces()).equals(concat(head, rest));
        return zeroFits ? Optional.of(new Displaced(head, modRm.get(), true, displacement, rest)) : Optional.empty();
    }

    private static List<Object> concat(List<Object> head, List<Piece> rest) {
        List<Object> all = new ArrayList<>(head);
        all.addAll(units(rest));
        return all;
    }

    private static int valueIndex(List<Piece> pieces) {
        for (int i = 0; i < pieces.size(); i++) {
            if (pieces.get(i) instanceof Piece.Value) {
                return i;
            }
        }
        return -1;
    }

    /** Constant bytes one by one, other pieces as they are. */
    private static List<Object> units(List<Piece> pieces) {
        List<Object> units = new ArrayList<>();
        for (Piece piece : pieces) {
            if (piece instanceof Piece.Fixed fixed) {
                units.addAll(fixed.bytes().values());
            } else {
                units.add(piece);
            }
        }
        return units;
    }

    /** The one unit in which the heads differ, by the mods 01 and 10. */
    private static Optional<Integer> modRm(List<Object> narrow, List<Object> wide) {
        if (narrow.size() != wide.size()) {
            return Optional.empty();
        }
        int found = -1;
        for (int i = 0; i < narrow.size(); i++) {
            if (narrow.get(i).equals(wide.get(i))) {
                continue;
            }
            boolean modsDiffer = found < 0
                    && sameKind(narrow.get(i), wide.get(i))
                    && plus(narrow.get(i), 0x40).equals(wide.get(i));
            if (!modsDiffer) {
                return Optional.empty();
            }
            found = i;
        }
        return found < 0 ? Optional.empty() : Optional.of(found);
    }

    private static boolean sameKind(Object a, Object b) {
        return a instanceof Integer && b instanceof Integer
                || a instanceof Piece.Registers && b instanceof Piece.Registers;
    }

    private static Object plus(Object unit, int change) {
        if (unit instanceof Piece.Registers registers) {
            return new Piece.Registers(registers.constant() + change, registers.bits());
        }
        return (Integer) unit + change;
    }
}
