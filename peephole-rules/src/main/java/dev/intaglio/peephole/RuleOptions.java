package dev.intaglio.peephole;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which rules run.
 *
 * @param none whether no rule at all runs
 * @param off the names of rules that do not run
 * @param features the CPU features, beyond x86-64-v1, that rules may use
 * @param preference what rules with a choice aim at
 */
public record RuleOptions(boolean none, Set<String> off, Set<String> features, Preference preference) {
    /** All rules. */
    public static final RuleOptions ALL = of(false, Set.of());
    /** No rule. */
    public static final RuleOptions NONE = of(true, Set.of());

    public RuleOptions {
        off = Set.copyOf(off);
        features = Set.copyOf(features);
    }

    /**
     * Reads {@code none}, or {@code -zero-idiom,-self-move}: names of rules to switch off, each after a minus. The empty
     * text and {@code all} leave all rules on.
     */
    public static RuleOptions parse(String text) {
        if (text.trim().equals("none")) {
            return NONE;
        }
        Set<String> off = new TreeSet<>();
        for (String word : Arrays.stream(text.split(",")).map(String::trim).toList()) {
            if (word.startsWith("-") && word.length() > 1) {
                off.add(known(word.substring(1)));
            } else if (!word.isEmpty() && !word.equals("all")) {
                throw new IllegalArgumentException("rules: found '" + word
                        + "', expected none, all, or rule names after a minus, as in -zero-idiom");
            }
        }
        return of(false, off);
    }

    /** The names of all rules and passes: what {@link #parse} can switch off. */
    public static List<String> names() {
        return Stream.concat(RuleSet.builtIn().rules().stream().map(Rule::name), passes())
                .sorted()
                .toList();
    }

    private static String known(String name) {
        List<String> names = names();
        if (!names.contains(name)) {
            throw new IllegalArgumentException("rules: no rule '" + name + "'; there are " + String.join(", ", names));
        }
        return name;
    }

    /** The names of what is no rule but can be switched off like one. */
    static Stream<String> passes() {
        return Stream.of(
                        List.of(
                                ConstantFolding.NAME,
                                SelectedConstants.NAME,
                                DecidedBranches.NAME,
                                NullChecks.NAME,
                                FittedImmediates.NAME),
                        SlotPasses.NAMES,
                        Jumps.NAMES)
                .flatMap(List::stream);
    }

    private static RuleOptions of(boolean none, Set<String> off) {
        return new RuleOptions(none, off, Set.of(), Preference.SIZE);
    }

    /** The same rules for processors that have these features. */
    public RuleOptions withFeatures(Set<String> present) {
        return new RuleOptions(none, off, present, preference);
    }

    /** The same rules with another aim. */
    public RuleOptions preferring(Preference aim) {
        return new RuleOptions(none, off, features, aim);
    }

    public boolean allows(String rule) {
        return !none && !off.contains(rule);
    }
}
