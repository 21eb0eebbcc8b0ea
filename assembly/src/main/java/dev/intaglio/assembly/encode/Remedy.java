package dev.intaglio.assembly.encode;

import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.RegisterClass;
import dev.intaglio.assembly.table.InstructionForm;
import dev.intaglio.assembly.table.OperandPattern;
import dev.intaglio.assembly.table.OperandType;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What an author may do where an instruction has no form with the operands that stand there. */
final class Remedy {
    private Remedy() {}

    static Optional<String> of(Instruction instruction, List<InstructionForm> all) {
        List<Operand> operands = instruction.operands();
        if (operands.stream().filter(Operand.Memory.class::isInstance).count() > 1) {
            return Optional.of("at most one operand is in memory: load the other into a register first");
        }
        Optional<Operand> label =
                operands.stream().filter(Operand.LabelTarget.class::isInstance).findFirst();
        if (label.isPresent()) {
            return Optional.of(label(instruction, label.get()));
        }
        return onlyRegister(operands, all).or(() -> sizes(operands));
    }

    /** A label is a place: an address to be made with lea, or memory in brackets. */
    private static String label(Instruction instruction, Operand label) {
        boolean loads = instruction.mnemonic().startsWith("mov")
                && instruction.operands().get(0) instanceof RegisterOperand register
                && register.kind() == RegisterClass.R64;
        return loads
                ? "its address is loaded by lea " + instruction.operands().get(0) + ", [" + label + "]"
                : "what lies there is [" + label + "]; its address is loaded by lea rax, [" + label + "]";
    }

    /** A place where, of registers, only those with certain names may stand: cl as a count, dx as a port. */
    private static Optional<String> onlyRegister(List<Operand> operands, List<InstructionForm> all) {
        for (int i = 1; i < operands.size(); i++) {
            int place = i;
            List<OperandType> types = all.stream()
                    .map(InstructionForm::explicitOperands)
                    .filter(patterns -> patterns.size() == operands.size())
                    .map(patterns -> patterns.get(place))
                    .map(OperandPattern::type)
                    .toList();
            String names = types.stream()
                    .filter(OperandType.Exactly.class::isInstance)
                    .map(type -> ((OperandType.Exactly) type).register().toString())
                    .distinct()
                    .collect(Collectors.joining(" or "));
            boolean others = types.stream()
                    .anyMatch(type -> type instanceof OperandType.RegisterOrMemory either
                            && either.register().isPresent());
            if (operands.get(i) instanceof RegisterOperand && !names.isEmpty() && !others) {
                return Optional.of(
                        "of registers only " + names + " may stand in the place of '" + operands.get(i) + "'");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> sizes(List<Operand> operands) {
        long sizes = operands.stream()
                .filter(RegisterOperand.class::isInstance)
                .map(operand -> ((RegisterOperand) operand).kind())
                .filter(RegisterClass::isGeneral)
                .distinct()
                .count();
        return sizes > 1
                ? Optional.of("operands must be of one size; movzx, movsx and movsxd convert")
                : Optional.empty();
    }
}
