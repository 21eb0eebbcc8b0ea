package dev.intaglio.assembly.encode;

import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Decoration;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.RegisterClass;
import dev.intaglio.assembly.machine.Width;
import dev.intaglio.assembly.table.Access;
import dev.intaglio.assembly.table.Encoding;
import dev.intaglio.assembly.table.InstructionForm;
import dev.intaglio.assembly.table.OperandPattern;
import dev.intaglio.assembly.table.OperandType;
import java.util.List;
import java.util.Optional;

/** Tells whether a form fits an instruction's operands, and what stands in the way where it nearly does. */
final class OperandMatcher {
    private OperandMatcher() {}

    /** Whether the operands have the right kinds and sizes; values of immediates are not looked at. */
    static boolean fitsTypes(InstructionForm form, Instruction instruction) {
        List<OperandPattern> patterns = form.explicitOperands();
        if (patterns.size() != instruction.operands().size()) {
            return false;
        }
        for (int i = 0; i < patterns.size(); i++) {
            if (!fits(patterns.get(i), instruction.operands().get(i), form, instruction.decoration())) {
                return false;
            }
        }
        return fitsDecoration(form, instruction) && isDistinct(form, instruction);
    }

    /** Whether all immediates that are known fit their fields. */
    static boolean fitsValues(InstructionForm form, Instruction instruction) {
        List<OperandPattern> patterns = form.explicitOperands();
        for (int i = 0; i < patterns.size(); i++) {
            if (patterns.get(i).type() instanceof OperandType.Immediate type
                    && instruction.operands().get(i) instanceof Operand.Immediate immediate
                    && immediate.value().isConstant()
                    && !ImmediateRange.of(type, form)
                            .contains(immediate.value().constant().getAsLong())) {
                return false;
            }
        }
        return true;
    }

    private static boolean fits(OperandPattern pattern, Operand operand, InstructionForm form, Decoration decoration) {
        OperandType type = pattern.type();
        if (type instanceof OperandType.Exactly exactly) {
            return operand instanceof RegisterOperand.Fixed fixed
                    && fixed.register().equals(exactly.register());
        }
        if (type instanceof OperandType.Number number) {
            return operand instanceof Operand.Immediate immediate
                    && immediate.width().isEmpty()
                    && immediate.value().isConstant()
                    && immediate.value().constant().getAsLong() == number.value();
        }
        if (type instanceof OperandType.Immediate immediate) {
            return operand instanceof Operand.Immediate value
                    && value.width().map(Width::bytes).orElse(immediate.bytes()) == immediate.bytes();
        }
        if (type instanceof OperandType.Relative) {
            return operand instanceof Operand.LabelTarget
                    || operand instanceof Operand.Immediate address
                            && address.width().isEmpty();
        }
        if (type instanceof OperandType.Offset offset) {
            return operand instanceof Operand.Memory memory
                    && absolute(memory).isPresent()
                    && memory.displacementSize().isEmpty()
                    && memory.width()
                            .map(width -> width.bytes() == offset.bytes())
                            .orElse(true);
        }
        OperandType.RegisterOrMemory either = (OperandType.RegisterOrMemory) type;
        if (operand instanceof RegisterOperand register) {
            return either.register().isPresent()
                    && fitsRegister(either.register().get(), register, form);
        }
        return operand instanceof Operand.Memory memory
                && either.memory().isPresent()
                && fitsMemory(either.memory().get(), pattern.access(), memory, form, decoration);
    }

    private static boolean fitsRegister(RegisterClass wanted, RegisterOperand register, InstructionForm form) {
        boolean sameClass =
                register.kind() == wanted || wanted == RegisterClass.R8 && register.kind() == RegisterClass.R8H;
        if (!sameClass) {
            return false;
        }
        boolean needsEvex = register instanceof RegisterOperand.Fixed fixed
                && wanted.isVector()
                && fixed.register().number() >= 16;
        return !needsEvex || form.encoding().scheme() == Encoding.Scheme.EVEX;
    }

    private static boolean fitsMemory(
            OperandType.MemoryType type,
            Access access,
            Operand.Memory memory,
            InstructionForm form,
            Decoration decoration) {
        Address address = unsegmented(memory.address());
        Optional<RegisterClass> vectorIndex = address instanceof Address.Indexed indexed
                ? indexed.index().map(RegisterOperand::kind).filter(RegisterClass::isVector)
                : Optional.empty();
        if (!vectorIndex.equals(type.index())) {
            return false;
        }
        if (vectorIndex.isPresent()
                && !fitsRegister(
                        vectorIndex.get(), ((Address.Indexed) address).index().orElseThrow(), form)) {
            return false;
        }
        if (type.bytes() == 0) {
            boolean anySize = access == Access.NONE || type.index().isPresent();
            return decoration.broadcast() == 0 && (anySize || memory.width().isEmpty());
        }
        if (decoration.broadcast() > 0) {
            return type.broadcastBytes() > 0
                    && type.bytes() / type.broadcastBytes() == decoration.broadcast()
                    && memory.width()
                            .map(width -> width.bytes() == type.broadcastBytes())
                            .orElse(true);
        }
        return memory.width().map(width -> width.bytes() == type.bytes()).orElse(true);
    }

    /** The address of a memory operand without registers. */
    static Optional<Expression> absolute(Operand.Memory memory) {
        return unsegmented(memory.address()) instanceof Address.Indexed indexed
                        && indexed.base().isEmpty()
                        && indexed.index().isEmpty()
                ? Optional.of(indexed.displacement())
                : Optional.empty();
    }

    static Address unsegmented(Address address) {
        return address instanceof Address.InSegment inner ? inner.address() : address;
    }

    private static boolean fitsDecoration(InstructionForm form, Instruction instruction) {
        Decoration decoration = instruction.decoration();
        List<OperandPattern> patterns = form.explicitOperands();
        boolean masked = patterns.stream().anyMatch(OperandPattern::masked);
        boolean zeroed = patterns.stream().anyMatch(OperandPattern::zeroed);
        boolean rounded = patterns.stream().anyMatch(OperandPattern::rounded);
        boolean suppressed = patterns.stream().anyMatch(OperandPattern::suppressed);
        boolean toMemory =
                !instruction.operands().isEmpty() && instruction.operands().get(0) instanceof Operand.Memory;
        if (decoration.mask().isPresent() && !masked || decoration.zeroing() && (!zeroed || toMemory)) {
            return false;
        }
        if (decoration.zeroing() && decoration.mask().isEmpty()) {
            return false;
        }
        if (decoration.mask().map(OperandMatcher::isMaskZero).orElse(false)) {
            return false; // k0 as a mask means none (SDM Vol. 1, 15.6.1)
        }
        if (decoration.mask().isEmpty() && masked && patterns.stream().anyMatch(OperandMatcher::isVectorIndexed)) {
            return false;
        }
        if (decoration.rounding().isPresent()) {
            boolean fits = decoration.rounding().get().equals("sae") ? suppressed : rounded;
            boolean registersOnly = instruction.operands().stream().noneMatch(Operand.Memory.class::isInstance);
            if (!fits || !registersOnly) {
                return false;
            }
        }
        boolean hasMemory = instruction.operands().stream().anyMatch(Operand.Memory.class::isInstance);
        if (decoration.broadcast() > 0 && !hasMemory) {
            return false;
        }
        return decoration
                .encoding()
                .map(forced -> switch (forced) {
                    case "evex" -> form.encoding().scheme() == Encoding.Scheme.EVEX;
                    case "vex", "vex2", "vex3" -> form.encoding().scheme() == Encoding.Scheme.VEX;
                    case "likely", "unlikely" ->
                        form.encoding().plusCondition() && form.mnemonic().startsWith("j");
                    default -> true;
                })
                .orElse(true);
    }

    private static boolean isMaskZero(RegisterOperand mask) {
        return mask instanceof RegisterOperand.Fixed fixed && fixed.register().number() == 0;
    }

    /** Whether the operand is the memory of a gather or scatter. */
    private static boolean isVectorIndexed(OperandPattern pattern) {
        return pattern.type() instanceof OperandType.RegisterOrMemory either
                && either.memory().flatMap(OperandType.MemoryType::index).isPresent();
    }

    /** Whether two registers can differ: of one chosen at emission the plan makes sure. */
    private static boolean isDistinct(InstructionForm form, Instruction instruction) {
        if (!form.has("distinct")) {
            return true;
        }
        Operand first = instruction.operands().get(0);
        Operand second = instruction.operands().get(1);
        boolean oneIsKnown = first instanceof RegisterOperand.Fixed || second instanceof RegisterOperand.Fixed;
        return oneIsKnown && !first.equals(second);
    }

    /** The value of an operand that is a number known at emission only. */
    static boolean isOpen(Operand operand) {
        return operand instanceof Operand.Immediate immediate
                && !immediate.value().isConstant();
    }

    static Expression value(Operand operand) {
        return ((Operand.Immediate) operand).value();
    }
}
