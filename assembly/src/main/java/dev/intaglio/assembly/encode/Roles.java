package dev.intaglio.assembly.encode;

import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.RegisterClass;
import dev.intaglio.assembly.table.Encoding;
import dev.intaglio.assembly.table.InstructionForm;
import dev.intaglio.assembly.table.OperandPattern;
import dev.intaglio.assembly.table.OperandType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which operand goes into which field (SDM Vol. 2, 2.1.3 and 2.3).
 *
 * @param reg ModRM.reg
 * @param rm ModRM.rm: a register or memory
 * @param vvvv the register of VEX.vvvv
 * @param opcodeRegister the register in the opcode
 * @param registerImmediate the register of {@code /is4}
 * @param immediates in the order of their fields
 * @param immediateTypes their types
 */
record Roles(
        Optional<RegisterOperand> reg,
        Optional<Operand> rm,
        Optional<RegisterOperand> vvvv,
        Optional<RegisterOperand> opcodeRegister,
        Optional<RegisterOperand> registerImmediate,
        List<Operand.Immediate> immediates,
        List<OperandType.Immediate> immediateTypes) {

    static Roles of(InstructionForm form, Instruction instruction) {
        List<OperandPattern> patterns = form.explicitOperands();
        List<OperandPattern> types = new ArrayList<>();
        List<Operand> left = new ArrayList<>();
        List<Operand.Immediate> immediates = new ArrayList<>();
        List<OperandType.Immediate> immediateTypes = new ArrayList<>();
        for (int i = 0; i < patterns.size(); i++) {
            Operand operand = instruction.operands().get(i);
            if (patterns.get(i).type() instanceof OperandType.Immediate type) {
                immediates.add((Operand.Immediate) operand);
                immediateTypes.add(type);
            } else if (patterns.get(i).type() instanceof OperandType.Offset) {
                Expression address =
                        OperandMatcher.absolute((Operand.Memory) operand).orElseThrow();
                immediates.add(new Operand.Immediate(address, Optional.empty()));
                immediateTypes.add(new OperandType.Immediate(Long.BYTES, OperandType.Range.ANY));
            } else if (patterns.get(i).type() instanceof OperandType.RegisterOrMemory) {
                types.add(patterns.get(i));
                left.add(operand);
            }
        }
        Assignment fields = new Assignment(form.encoding(), types, left);
        fields.assign(form);
        return new Roles(
                Optional.ofNullable(fields.reg),
                Optional.ofNullable(fields.rm),
                Optional.ofNullable(fields.vvvv),
                Optional.ofNullable(fields.opcodeRegister),
                Optional.ofNullable(fields.registerImmediate),
                immediates,
                immediateTypes);
    }

    private static final class Assignment {
        private final Encoding encoding;
        private final List<OperandPattern> types;
        private final List<Operand> left;
        private RegisterOperand reg;
        private Operand rm;
        private RegisterOperand vvvv;
        private RegisterOperand opcodeRegister;
        private RegisterOperand registerImmediate;

        Assignment(Encoding encoding, List<OperandPattern> types, List<Operand> left) {
            this.encoding = encoding;
            this.types = types;
            this.left = left;
        }

        void assign(InstructionForm form) {
            if (encoding.plusRegister() && !left.isEmpty()) {
                opcodeRegister = register(0);
            }
            if (encoding.registerImmediate()) {
                registerImmediate = register(left.size() - 1);
            }
            if (!encoding.hasModRm() || left.isEmpty()) {
                return;
            }
            if (form.has("twice")) {
                reg = (RegisterOperand) left.get(0);
                rm = left.get(0);
            } else if (encoding.digit().isPresent()) {
                if (left.size() > 1) {
                    vvvv = register(0);
                }
                rm = take(0);
            } else {
                slashR(form.has("mvr"));
            }
        }

        private void slashR(boolean storing) {
            int special = indexOf(kind ->
                    kind == RegisterClass.SEGMENT || kind == RegisterClass.CONTROL || kind == RegisterClass.DEBUG);
            if (special >= 0) {
                reg = register(special);
                rm = take(0);
                return;
            }
            if (isRm(0) || storing) {
                rm = take(0);
                if (storing) {
                    vvvv = register(0);
                }
                if (!left.isEmpty()) {
                    reg = register(0);
                }
                if (!left.isEmpty()) {
                    vvvv = register(0);
                }
                return;
            }
            reg = register(0);
            if (left.size() == 2) {
                rm = take(isRm(0) ? 0 : 1);
                vvvv = register(0);
            } else if (left.size() == 1) {
                rm = take(0);
            }
        }

        private boolean isRm(int index) {
            return types.get(index).hasSlash() || types.get(index).isMemoryOnly();
        }

        private int indexOf(java.util.function.Predicate<RegisterClass> wanted) {
            for (int i = 0; i < left.size(); i++) {
                if (left.get(i) instanceof RegisterOperand register && wanted.test(register.kind())) {
                    return i;
                }
            }
            return -1;
        }

        private RegisterOperand register(int index) {
            return (RegisterOperand) take(index);
        }

        private Operand take(int index) {
            types.remove(index);
            return left.remove(index);
        }
    }
}
