package dev.intaglio.assembly.encode;

import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.encode.EncodingPlan.Condition;
import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.CpuFeatures;
import dev.intaglio.assembly.table.Encoding;
import dev.intaglio.assembly.table.InstructionForm;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Vector registers chosen at emission of an instruction that has a VEX and an EVEX form: VEX where all of them are below 16, as
 * with the registers written out, and EVEX for the others.
 */
final class UpperRegisters {
    private static final int VEX_REGISTERS = 16;

    private UpperRegisters() {}

    /** The encoders to try in order, with that of EVEX behind those of VEX where a register may need it. */
    static List<FormEncoder> among(List<FormEncoder> encoders, Instruction instruction, CpuFeatures cpu) {
        List<Expression> chosen = chosen(instruction);
        boolean isVex =
                encoders.stream().allMatch(encoder -> encoder.form().encoding().scheme() == Encoding.Scheme.VEX);
        if (!isVex || chosen.isEmpty()) {
            return encoders;
        }
        List<InstructionForm> forms = FormSelector.beyondVex(instruction, cpu);
        List<FormEncoder> beyond =
                forms.isEmpty() ? List.of() : Encoder.encoders(forms, instruction, new Diagnostics());
        if (beyond.isEmpty()) {
            return encoders; // not with a displacement that is forced into a byte, which EVEX scales
        }
        List<FormEncoder> tried = new ArrayList<>();
        for (FormEncoder encoder : encoders) {
            tried.add(encoder.onlyIf(new Condition.AllBelow(chosen, VEX_REGISTERS)));
        }
        tried.addAll(beyond);
        return tried;
    }

    private static List<Expression> chosen(Instruction instruction) {
        Set<Expression> numbers = new LinkedHashSet<>();
        for (Operand operand : instruction.operands()) {
            if (operand instanceof RegisterOperand register) {
                vector(register).ifPresent(numbers::add);
            } else if (operand instanceof Operand.Memory memory
                    && OperandMatcher.unsegmented(memory.address()) instanceof Address.Indexed indexed) {
                indexed.index().flatMap(UpperRegisters::vector).ifPresent(numbers::add);
            }
        }
        return List.copyOf(numbers);
    }

    private static Optional<Expression> vector(RegisterOperand register) {
        return register instanceof RegisterOperand.Chosen chosen
                        && chosen.kind().isVector()
                ? Optional.of(chosen.number())
                : Optional.empty();
    }
}
