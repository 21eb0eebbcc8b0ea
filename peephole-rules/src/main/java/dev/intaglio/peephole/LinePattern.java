package dev.intaglio.peephole;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A line of a rule. It prints as a rule spells it.
 */
sealed interface LinePattern {
    /** The number of its line in the rule file. */
    int at();

    /** An instruction without prefixes and braces. */
    record InstructionPattern(Mnemonic mnemonic, List<OperandPattern> operands, int at) implements LinePattern {
        public InstructionPattern {
            operands = List.copyOf(operands);
        }

        @Override
        public String toString() {
            return mnemonic
                    + (operands.isEmpty() ? "" : " ")
                    + operands.stream().map(OperandPattern::toString).collect(Collectors.joining(", "));
        }
    }

    /** {@code $skip:}, the definition of a label. */
    record LabelPattern(String name, int at) implements LinePattern {
        @Override
        public String toString() {
            return "$" + name + ":";
        }
    }

    /**
     * A mnemonic: one word, {@code {and,or,xor}}, or {@code j$cc} and {@code j!$cc}.
     *
     * @param words the mnemonics it stands for; with a condition, the stem alone
     * @param condition the variable after the stem
     * @param negated whether the opposite condition is meant
     */
    record Mnemonic(List<String> words, Optional<String> condition, boolean negated) {
        public Mnemonic {
            words = List.copyOf(words);
        }

        @Override
        public String toString() {
            String stem = words.size() == 1 ? words.get(0) : "{" + String.join(",", words) + "}";
            return stem
                    + (negated ? "!" : "")
                    + condition.map(name -> "$" + name).orElse("");
        }
    }
}
