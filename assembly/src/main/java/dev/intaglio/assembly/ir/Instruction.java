package dev.intaglio.assembly.ir;

import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.machine.Condition;
import java.util.List;
import java.util.Optional;

/**
 * One instruction as its author meant it.
 *
 * @param prefixes {@code lock}, {@code rep}, {@code repe}, {@code repne} and the like, in lower case, as written
 * @param mnemonic in lower case
 * @param operands destination first
 * @param decoration masks, rounding and forced encodings
 * @param span its place in the stencil's text
 * @param operandSpans the places of the operands, one each; empty for an instruction that nobody wrote
 */
public record Instruction(
        List<String> prefixes,
        String mnemonic,
        List<Operand> operands,
        Decoration decoration,
        Span span,
        List<Span> operandSpans)
        implements Line {
    public Instruction {
        prefixes = List.copyOf(prefixes);
        operands = List.copyOf(operands);
        operandSpans = List.copyOf(operandSpans);
    }

    /** The place of an operand; the instruction's where it is not known. */
    public Span operandSpan(int index) {
        return index < operandSpans.size() ? operandSpans.get(index) : span;
    }

    /** The condition of a {@code jcc}; empty for anything else, {@code jmp} and {@code jrcxz} among it. */
    public Optional<Condition> branchCondition() {
        return mnemonic.startsWith("j") ? Condition.parse(mnemonic.substring(1)) : Optional.empty();
    }

    /** The same instruction with other words; what nobody wrote keeps the place of what it came from. */
    public Instruction with(String otherMnemonic, List<Operand> otherOperands) {
        return new Instruction(prefixes, otherMnemonic, otherOperands, decoration, span, List.of());
    }

    /** The same instruction, which nobody wrote, at the place of what it comes from. */
    public Instruction at(Span place) {
        return new Instruction(prefixes, mnemonic, operands, decoration, place, List.of());
    }

    public static Instruction of(String mnemonic, Operand... operands) {
        return new Instruction(List.of(), mnemonic, List.of(operands), Decoration.NONE, new Span(0, 0), List.of());
    }

    /** The line a person would write, without the bar. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        decoration.encoding().ifPresent(form -> text.append('{').append(form).append("} "));
        prefixes.forEach(prefix -> text.append(prefix).append(' '));
        text.append(mnemonic);
        for (int i = 0; i < operands.size(); i++) {
            text.append(i == 0 ? " " : ", ").append(operands.get(i));
            if (i == 0) {
                decoration
                        .mask()
                        .ifPresent(mask -> text.append('{').append(mask).append('}'));
                text.append(decoration.zeroing() ? "{z}" : "");
            }
            if (decoration.broadcast() > 0 && operands.get(i) instanceof Operand.Memory) {
                text.append("{1to").append(decoration.broadcast()).append('}');
            }
        }
        decoration
                .rounding()
                .ifPresent(rounding -> text.append(operands.isEmpty() ? " {" : ", {")
                        .append(rounding)
                        .append('}'));
        return text.toString();
    }
}
