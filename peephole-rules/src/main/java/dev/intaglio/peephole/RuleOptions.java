package dev.intaglio.peephole;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which rules run.
 *
 * @param none whether no rule at all runs
 * @param off the names of rules that do not run
 */
public record RuleOptions(boolean none, Set<String> off) {
    /** All rules. */
    public static final RuleOptions ALL = new RuleOptions(false, Set.of());
    /** No rule. */
    public static final RuleOptions NONE = new RuleOptions(true, Set.of());

    public RuleOptions {
        off = Set.copyOf(off);
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
                off.add(word.substring(1));
            } else if (!word.isEmpty() && !word.equals("all")) {
                throw new IllegalArgumentException("rules: found '" + word
                        + "', expected none, all, or rule names after a minus, as in -zero-idiom");
            }
        }
        return new RuleOptions(false, off);
    }

    public boolean allows(String rule) {
        return !none && !off.contains(rule);
    }
}
