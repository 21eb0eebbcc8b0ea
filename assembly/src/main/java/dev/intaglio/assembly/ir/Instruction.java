package dev.intaglio.assembly.ir;

import dev.intaglio.assembly.diagnostic.Span;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One instruction as its author meant it.
 *
 * @param prefixes {@code lock}, {@code rep}, {@code repe}, {@code repne} and the like, in lower case, as written
 * @param mnemonic in lower case
 * @param operands destination first
 * @param decoration masks, rounding and forced encodings
 * @param span its place in the stencil's text
 */
public record Instruction(
        List<String> prefixes, String mnemonic, List<Operand> operands, Decoration decoration, Span span)
        implements Line {
    public Instruction {
        prefixes = List.copyOf(prefixes);
        operands = List.copyOf(operands);
    }

    public static Instruction of(String mnemonic, Operand... operands) {
        return new Instruction(List.of(), mnemonic, List.of(operands), Decoration.NONE, new Span(0, 0));
    }

    /** The line a person would write, without the bar. */
    @Override
    public String toString() {
        String before = prefixes.stream().map(prefix -> prefix + " ").collect(Collectors.joining());
        String after = operands.stream().map(Operand::toString).collect(Collectors.joining(", "));
        return before + mnemonic + (after.isEmpty() ? "" : " " + after);
    }
}
