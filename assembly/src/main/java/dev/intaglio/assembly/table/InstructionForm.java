package dev.intaglio.assembly.table;

import dev.intaglio.assembly.machine.Condition;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One way to encode a mnemonic with operands of certain types: a line of the table.
 *
 * @param mnemonic as the author writes it: of a family, with its condition
 * @param operands explicit and implicit ones in the table's order
 * @param encoding the bytes
 * @param flags what it does to each flag
 * @param cpu the CPU feature, empty for the baseline
 * @param words {@code alt}, {@code lock}, {@code rep}, {@code comm} and the others of the table's head
 * @param condition of a form of a family
 */
public record InstructionForm(
        String mnemonic,
        List<OperandPattern> operands,
        Encoding encoding,
        FlagEffects flags,
        String cpu,
        Set<String> words,
        Optional<Condition> condition) {

    /** The operands that an author writes. */
    public List<OperandPattern> explicitOperands() {
        for (OperandPattern operand : operands) {
            if (operand.implicit()) {
                return operands.stream().filter(other -> !other.implicit()).toList();
            }
        }
        return operands;
    }

    /** Never chosen unless it is forced. */
    public boolean isAlternative() {
        return words.contains("alt");
    }

    public boolean has(String word) {
        return words.contains(word);
    }

    /** The types in parentheses, as messages list them. */
    public String signature() {
        return "("
                + String.join(
                        ", ",
                        explicitOperands().stream()
                                .map(OperandPattern::typeName)
                                .toList()) + ")";
    }

    @Override
    public String toString() {
        return mnemonic + " "
                + String.join(
                        ", ", operands.stream().map(OperandPattern::toString).toList()) + " : " + encoding;
    }
}
