package dev.intaglio.processor.write;

import dev.intaglio.assembly.encode.EncodingPlan.Bytes;
import dev.intaglio.assembly.encode.EncodingPlan.Case;
import dev.intaglio.assembly.encode.EncodingPlan.Piece;
import java.util.ArrayList;
import java.util.List;

/** What all cases of a part begin and end with, and what is left of each. */
record CommonPieces(List<Piece> before, List<Case> cases, List<Piece> after) {
    static CommonPieces of(List<Case> cases) {
        List<List<Object>> units =
                new ArrayList<>(cases.stream().map(one -> units(one.pieces())).toList());
        List<Object> before = new ArrayList<>();
        while (units.stream()
                .allMatch(list ->
                        !list.isEmpty() && list.get(0).equals(units.get(0).get(0)))) {
            before.add(units.get(0).get(0));
            units.forEach(list -> list.remove(0));
        }
        List<Object> after = new ArrayList<>();
        while (units.stream()
                .allMatch(list -> !list.isEmpty()
                        && !(last(list) instanceof Piece.ToLabel)
                        && !(last(list) instanceof Piece.ToAddress)
                        && last(list).equals(last(units.get(0))))) {
            after.add(0, last(units.get(0)));
            units.forEach(list -> list.remove(list.size() - 1));
        }
        List<Case> rest = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            rest.add(new Case(cases.get(i).conditions(), pieces(units.get(i))));
        }
        return new CommonPieces(pieces(before), rest, pieces(after));
    }

    private static Object last(List<Object> list) {
        return list.get(list.size() - 1);
    }

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

    private static List<Piece> pieces(List<Object> units) {
        return units.stream()
                .map(unit -> unit instanceof Integer value ? new Piece.Fixed(new Bytes(List.of(value))) : (Piece) unit)
                .toList();
    }
}
