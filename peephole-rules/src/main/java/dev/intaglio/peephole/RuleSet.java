package dev.intaglio.peephole;

import dev.intaglio.assembly.machine.Condition;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The rules in their order, found by the mnemonic of their first line. */
final class RuleSet {
    /** The rule files, in the order in which their rules are tried. */
    private static final List<String> FILES = List.of("moves.rules", "arithmetic.rules", "branches.rules");

    private final List<Rule> rules;
    private final Map<String, List<Rule>> byFirstMnemonic = new HashMap<>();

    private RuleSet(List<Rule> rules) {
        this.rules = List.copyOf(rules);
        for (Rule rule : rules) {
            for (String mnemonic : firstMnemonics(rule)) {
                byFirstMnemonic
                        .computeIfAbsent(mnemonic, none -> new ArrayList<>())
                        .add(rule);
            }
        }
    }

    /** The rules that come with the product. */
    static RuleSet builtIn() {
        return BuiltIn.RULES;
    }

    static RuleSet of(List<Rule> rules) {
        return new RuleSet(rules);
    }

    /** All rules, in the order in which they are tried. */
    List<Rule> rules() {
        return rules;
    }

    /** The rules whose first line may begin with this mnemonic, in their order. */
    List<Rule> beginningWith(String mnemonic) {
        return byFirstMnemonic.getOrDefault(mnemonic, List.of());
    }

    int longestWindow() {
        return rules.stream().mapToInt(rule -> rule.left().size()).max().orElse(1);
    }

    private static TreeSet<String> firstMnemonics(Rule rule) {
        TreeSet<String> mnemonics = new TreeSet<>(rule.firstWords());
        rule.firstStem().ifPresent(stem -> {
            for (Condition condition : Condition.values()) {
                condition.names().forEach(suffix -> mnemonics.add(stem + suffix));
            }
        });
        return mnemonics;
    }

    private static List<Rule> read() {
        List<Rule> rules = new ArrayList<>();
        for (String file : FILES) {
            try (InputStream in = RuleSet.class.getResourceAsStream(file)) {
                rules.addAll(RuleReader.read(file, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        return rules;
    }

    /** Read when first needed. */
    private static final class BuiltIn {
        static final RuleSet RULES = new RuleSet(read());
    }
}
