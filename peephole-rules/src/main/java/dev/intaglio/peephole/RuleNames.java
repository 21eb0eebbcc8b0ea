package dev.intaglio.peephole;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The variables that the left side of a rule binds.
 *
 * @param names all of them
 * @param unclassed those without a class where they are used first, with the line
 * @param words how many mnemonics its braces hold, 1 without braces
 */
record RuleNames(Set<String> names, Map<String, Integer> unclassed, int words) {

    static RuleNames bound(List<LinePattern> left) {
        Set<String> names = new LinkedHashSet<>();
        Map<String, Integer> unclassed = new LinkedHashMap<>();
        int words = 1;
        for (LinePattern line : left) {
            words = Math.max(words, words(line));
            if (!(line instanceof LinePattern.InstructionPattern instruction)) {
                String label = ((LinePattern.LabelPattern) line).name();
                if (names.add(label)) {
                    unclassed.put(label, line.at());
                }
                continue;
            }
            instruction.mnemonic().condition().ifPresent(names::add);
            for (OperandPattern operand : instruction.operands()) {
                if (operand instanceof OperandPattern.Variable variable
                        && names.add(variable.name())
                        && variable.classes().isEmpty()) {
                    unclassed.put(variable.name(), line.at());
                }
                if (operand instanceof OperandPattern.Sum sum) {
                    unclassed.put(
                            sum.base().name() + "] (an address of variables cannot stand on the left side", line.at());
                }
            }
        }
        return new RuleNames(names, unclassed, words);
    }

    /** The variables that lines use, each with the line of its first use. */
    static Map<String, Integer> used(List<LinePattern> lines) {
        Map<String, Integer> used = new LinkedHashMap<>();
        for (LinePattern line : lines) {
            if (line instanceof LinePattern.LabelPattern label) {
                used.putIfAbsent(label.name(), line.at());
                continue;
            }
            LinePattern.InstructionPattern instruction = (LinePattern.InstructionPattern) line;
            instruction.mnemonic().condition().ifPresent(name -> used.putIfAbsent(name, line.at()));
            for (OperandPattern operand : instruction.operands()) {
                if (operand instanceof OperandPattern.Variable variable) {
                    used.putIfAbsent(variable.name(), line.at());
                } else if (operand instanceof OperandPattern.Sum sum) {
                    used.putIfAbsent(sum.base().name(), line.at());
                    sum.index().ifPresent(index -> used.putIfAbsent(index.name(), line.at()));
                    if (sum.number().orElse(null) instanceof OperandPattern.Variable number) {
                        used.putIfAbsent(number.name(), line.at());
                    }
                }
            }
        }
        return used;
    }

    static int words(LinePattern line) {
        return line instanceof LinePattern.InstructionPattern instruction
                ? instruction.mnemonic().words().size()
                : 1;
    }

    static List<String> of(Guard guard) {
        if (guard instanceof Guard.DeadRegister dead) {
            return List.of(dead.variable());
        }
        if (guard instanceof Guard.Differ differ) {
            return List.of(differ.left(), differ.right());
        }
        return guard instanceof Guard.Fits fits ? List.of(fits.variable()) : List.of();
    }
}
