package dev.intaglio.peephole;

import java.util.List;
import java.util.Optional;

/**
 * A rewriting rule: lines that stand one after the other, what replaces them, and when.
 *
 * @param name by which it is reported and switched off
 * @param why the comment above it
 * @param left the lines to find
 * @param right the lines that replace them, perhaps none
 * @param guards what must hold besides
 * @param source the file's text, for messages
 * @param at the number of the line with its name
 */
record Rule(
        String name,
        String why,
        List<LinePattern> left,
        List<LinePattern> right,
        List<Guard> guards,
        RuleSource source,
        int at) {
    Rule {
        left = List.copyOf(left);
        right = List.copyOf(right);
        guards = List.copyOf(guards);
    }

    /** The words that the first line may begin with; empty for a condition, whose stem is in {@link #firstStem}. */
    List<String> firstWords() {
        LinePattern.Mnemonic first = first();
        return first.condition().isPresent() ? List.of() : first.words();
    }

    Optional<String> firstStem() {
        return first().condition().map(variable -> first().words().get(0));
    }

    private LinePattern.Mnemonic first() {
        return ((LinePattern.InstructionPattern) left.get(0)).mnemonic();
    }

    /** The rule as its file could spell it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("rule " + name + "\n");
        left.forEach(line -> text.append("  | ").append(line).append('\n'));
        text.append("=>\n");
        right.forEach(line -> text.append("  | ").append(line).append('\n'));
        if (!guards.isEmpty()) {
            text.append("where ")
                    .append(String.join(
                            ", ", guards.stream().map(Guard::toString).toList()))
                    .append('\n');
        }
        return text.toString();
    }
}
