package dev.intaglio.assembly.machine;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A condition code with the flags it reads and all its names (SDM Vol. 1, Appendix B). */
public enum Condition {
    O("o", "o"),
    NO("o", "no"),
    B("c", "b", "c", "nae"),
    AE("c", "ae", "nb", "nc"),
    E("z", "e", "z"),
    NE("z", "ne", "nz"),
    BE("cz", "be", "na"),
    A("cz", "a", "nbe"),
    S("s", "s"),
    NS("s", "ns"),
    P("p", "p", "pe"),
    NP("p", "np", "po"),
    L("so", "l", "nge"),
    GE("so", "ge", "nl"),
    LE("zso", "le", "ng"),
    G("zso", "g", "nle");

    private static final Map<String, Condition> BY_NAME = byName();

    private final FlagSet reads;
    private final List<String> names;

    Condition(String reads, String... names) {
        this.reads = FlagSet.parse(reads);
        this.names = List.of(names);
    }

    /** The condition of this suffix ({@code nz}, {@code ae}), whatever its case. */
    public static Optional<Condition> parse(String suffix) {
        return Optional.ofNullable(BY_NAME.get(suffix.toLowerCase(Locale.ROOT)));
    }

    /** The low four bits of the opcode. */
    public int code() {
        return ordinal();
    }

    public FlagSet reads() {
        return reads;
    }

    /** All suffixes, the preferred one first. */
    public List<String> names() {
        return names;
    }

    public Condition negated() {
        return values()[ordinal() ^ 1];
    }

    /** The preferred suffix. */
    @Override
    public String toString() {
        return names.get(0);
    }

    private static Map<String, Condition> byName() {
        Map<String, Condition> byName = new HashMap<>();
        for (Condition condition : values()) {
            condition.names.forEach(name -> byName.put(name, condition));
        }
        return Map.copyOf(byName);
    }
}
