package dev.intaglio.assembly.table;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a comparison asks, as a part of its name: {@code lt} of {@code cmpltps} (SDM Vol. 2A, CMPPD, Tables 3-1 and 3-2).
 *
 * @param name the part of the mnemonic
 * @param number the immediate
 */
record Predicate(String name, int number) {
    private static final List<Predicate> ALL =
            numbered(("eq lt le unord neq nlt nle ord eq_uq nge ngt false neq_oq ge gt true"
                            + " eq_os lt_oq le_oq unord_s neq_us nlt_uq nle_uq ord_s"
                            + " eq_us nge_uq ngt_uq false_os neq_os ge_oq gt_oq true_us")
                    .split(" "));
    /** The first sixteen by the names that tell of equality, order and signals too, where there is another. */
    private static final List<Predicate> LONG = numbered(
            ("eq_oq lt_os le_os unord_q neq_uq nlt_us nle_us ord_q - nge_us ngt_us false_oq - ge_os gt_os true_uq")
                    .split(" "));

    private static final List<Predicate> VECTORS = Stream.concat(
                    ALL.stream(),
                    LONG.stream().filter(predicate -> !predicate.name().equals("-")))
            .toList();
    private static final List<Predicate> LEGACY = ALL.subList(0, 8);
    /** Without false and true; equality of signed integers has an instruction of its own. */
    private static final List<Predicate> INTEGERS = ALL.stream()
            .filter(predicate -> List.of(0, 1, 2, 4, 5, 6).contains(predicate.number()))
            .toList();

    /** The predicates that a mnemonic with a star stands for. */
    static List<Predicate> of(String mnemonic) {
        return mnemonic.startsWith("vp") ? INTEGERS : mnemonic.startsWith("v") ? VECTORS : LEGACY;
    }

    private static List<Predicate> numbered(String... names) {
        List<Predicate> predicates = new ArrayList<>();
        for (String name : names) {
            predicates.add(new Predicate(name, predicates.size()));
        }
        return List.copyOf(predicates);
    }
}
