package dev.intaglio.assembly.encode;

import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.encode.EncodingPlan.Condition;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.CpuFeatures;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.table.InstructionForm;
import dev.intaglio.assembly.table.InstructionTable;
import dev.intaglio.assembly.table.OperandPattern;
import dev.intaglio.assembly.table.OperandType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Forms that are shorter for one value of what is left open: those of the accumulator where a chosen register may be it
 * ({@code add Rd(n), 1000}), and those of a number ({@code shl eax, n}, {@code int n}). So a line takes the bytes at emission that it would
 * take with its values written out.
 */
final class ValueForms {
    private ValueForms() {}

    /** An operand with the value of its short form, and when it has it. */
    private record Fixing(int place, Operand operand, Condition condition) {}

    /** Encoders to try before the last of those that there are, each with its conditions. */
    static List<FormEncoder> of(Instruction instruction, List<FormEncoder> general, CpuFeatures cpu) {
        List<FormEncoder> shorter = new ArrayList<>();
        FormEncoder widest = general.get(general.size() - 1);
        for (Fixing fixing : fixings(instruction)) {
            List<Operand> operands = new ArrayList<>(instruction.operands());
            operands.set(fixing.place(), fixing.operand());
            Instruction fixed = instruction.with(instruction.mnemonic(), operands);
            List<InstructionForm> forms = FormSelector.candidates(fixed, cpu, new Diagnostics());
            for (FormEncoder encoder : Encoder.encoders(forms, fixed, new Diagnostics())) {
                boolean isNew = general.stream().noneMatch(other -> other.form().equals(encoder.form()));
                if (isNew && encoder.weight() < widest.weight()) {
                    boolean samePrefix =
                            fixing.operand() instanceof RegisterOperand && takesNoOtherRegister(instruction);
                    FormEncoder sharing = samePrefix ? encoder.withPrefixes(widest.prefixes()) : encoder;
                    shorter.add(sharing.onlyIf(fixing.condition()));
                }
            }
        }
        return shorter;
    }

    /** Whether the prefix depends on one register only: then it is the accumulator's for the accumulator's number. */
    private static boolean takesNoOtherRegister(Instruction instruction) {
        return instruction.operands().size() == 2 && instruction.operands().get(1) instanceof Operand.Immediate;
    }

    private static List<Fixing> fixings(Instruction instruction) {
        List<Fixing> fixings = new ArrayList<>();
        for (InstructionForm form : InstructionTable.x86_64().forms(instruction.mnemonic())) {
            List<OperandPattern> patterns = form.explicitOperands();
            for (int i = 0;
                    i < patterns.size()
                            && patterns.size() == instruction.operands().size();
                    i++) {
                int place = i;
                fixing(place, patterns.get(i).type(), instruction.operands().get(i))
                        .filter(fixing -> !fixings.contains(fixing))
                        .ifPresent(fixings::add);
            }
        }
        return fixings;
    }

    private static Optional<Fixing> fixing(int place, OperandType type, Operand operand) {
        if (type instanceof OperandType.Exactly exactly && operand instanceof RegisterOperand.Chosen chosen) {
            Register register = exactly.register();
            return register.kind() == chosen.kind() && register.number() == 0
                    ? Optional.of(
                            new Fixing(place, new RegisterOperand.Fixed(register), new Condition.Zero(chosen.number())))
                    : Optional.empty();
        }
        if (type instanceof OperandType.Number number
                && operand instanceof Operand.Immediate immediate
                && OperandMatcher.isOpen(immediate)
                && immediate.width().isEmpty()) {
            Operand written = new Operand.Immediate(Expression.of(number.value()), Optional.empty());
            return Optional.of(new Fixing(place, written, new Condition.Is(immediate.value(), number.value())));
        }
        return Optional.empty();
    }
}
