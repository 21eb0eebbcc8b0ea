package dev.intaglio.assembly.encode;

import dev.intaglio.assembly.diagnostic.Diagnostic;
import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.encode.EncodingPlan.Bytes;
import dev.intaglio.assembly.encode.EncodingPlan.Case;
import dev.intaglio.assembly.encode.EncodingPlan.Condition;
import dev.intaglio.assembly.encode.EncodingPlan.Part;
import dev.intaglio.assembly.encode.EncodingPlan.RangeCheck;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.CpuFeatures;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import dev.intaglio.assembly.table.Encoding;
import dev.intaglio.assembly.table.InstructionForm;
import dev.intaglio.assembly.table.OperandType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Plans the bytes of an instruction: the shortest form that fits, or one for each range of a value known at emission. */
public final class Encoder {
    /** SDM Vol. 2A, 2.3.11. Only prefixes of the author's can make an instruction longer. */
    private static final int LONGEST = 15;

    private Encoder() {}

    /** The form that the instruction takes (for an open value: its widest); reports where there is none. */
    public static Optional<InstructionForm> select(Instruction instruction, Diagnostics diagnostics) {
        List<InstructionForm> forms = FormSelector.candidates(instruction, CpuFeatures.ANY, diagnostics);
        if (forms.isEmpty()) {
            return Optional.empty();
        }
        List<FormEncoder> encoders = encoders(forms, instruction, diagnostics);
        return encoders.isEmpty()
                ? Optional.empty()
                : Optional.of(encoders.get(encoders.size() - 1).form());
    }

    /** The plan of an instruction for a CPU that has everything. */
    public static Optional<EncodingPlan> plan(Instruction instruction, boolean flagsDead, Diagnostics diagnostics) {
        return plan(instruction, flagsDead, CpuFeatures.ANY, diagnostics);
    }

    /**
     * The plan of an instruction; empty where it is wrong, which is reported.
     *
     * @param flagsDead whether nothing reads a flag that is live before the instruction: a zero may then be made with xor
     * @param cpu what the forms may ask for
     */
    public static Optional<EncodingPlan> plan(
            Instruction instruction, boolean flagsDead, CpuFeatures cpu, Diagnostics diagnostics) {
        return plan(instruction, flagsDead, cpu, true, diagnostics);
    }

    /** The plan of an instruction whose operands keep their order, even where exchanging sources would save a byte. */
    static Optional<EncodingPlan> planInOrder(Instruction instruction, Diagnostics diagnostics) {
        return plan(instruction, false, CpuFeatures.ANY, false, diagnostics);
    }

    private static Optional<EncodingPlan> plan(
            Instruction instruction, boolean flagsDead, CpuFeatures cpu, boolean exchanges, Diagnostics diagnostics) {
        Instruction shortest = shortestMove(instruction, flagsDead);
        List<InstructionForm> forms = FormSelector.candidates(shortest, cpu, diagnostics);
        if (forms.isEmpty()) {
            return Optional.empty();
        }
        if (isBranch(forms)) {
            return branch(instruction, forms, diagnostics);
        }
        if (isOpenMove(instruction)) {
            RegisterOperand register = (RegisterOperand) instruction.operands().get(0);
            return Optional.of(new EncodingPlan.LoadConstant(
                    instruction,
                    register,
                    OperandMatcher.value(instruction.operands().get(1)),
                    flagsDead));
        }
        List<FormEncoder> encoders = encoders(forms, shortest, diagnostics);
        if (encoders.isEmpty()) {
            return Optional.empty();
        }
        List<FormEncoder> all = new ArrayList<>(exchanges ? SwappedSources.among(encoders, shortest) : encoders);
        all.addAll(all.size() - 1, ValueForms.of(shortest, all, cpu));
        all = UpperRegisters.among(all, shortest, cpu);
        EncodingPlan plan = straight(instruction, all);
        if (plan.maxLength() > LONGEST) {
            diagnostics.report(
                    DiagnosticCode.BAD_PREFIX,
                    instruction.span(),
                    "'" + instruction + "' takes " + plan.maxLength() + " bytes, and the processor refuses more than "
                            + LONGEST,
                    "leave a prefix out, or compute the address with lea");
            return Optional.empty();
        }
        return Optional.of(plan);
    }

    /** {@code mov r64, value} where a 32-bit form does the same: xor, or mov r32 with zero extension. */
    private static Instruction shortestMove(Instruction instruction, boolean flagsDead) {
        boolean isMove = instruction.mnemonic().equals("mov")
                && instruction.operands().size() == 2
                && instruction.decoration().encoding().isEmpty()
                && instruction.prefixes().isEmpty()
                && instruction.operands().get(0) instanceof RegisterOperand
                && instruction.operands().get(1) instanceof Operand.Immediate immediate
                && immediate.width().isEmpty()
                && immediate.value().isConstant();
        if (!isMove) {
            return instruction;
        }
        RegisterOperand register = (RegisterOperand) instruction.operands().get(0);
        long value =
                OperandMatcher.value(instruction.operands().get(1)).constant().getAsLong();
        boolean wide = register.kind() == RegisterClass.R64;
        if (flagsDead && value == 0 && (wide || register.kind() == RegisterClass.R32)) {
            RegisterOperand half = half(register);
            return instruction.with("xor", List.of(half, half));
        }
        if (wide && value >>> 32 == 0) {
            return instruction.with(
                    "mov", List.of(half(register), instruction.operands().get(1)));
        }
        return instruction;
    }

    /** The lower 32 bits of a 64-bit register: writing them clears the rest. */
    private static RegisterOperand half(RegisterOperand register) {
        if (register instanceof RegisterOperand.Fixed fixed) {
            return new RegisterOperand.Fixed(
                    new Register(RegisterClass.R32, fixed.register().number()));
        }
        return new RegisterOperand.Chosen(RegisterClass.R32, ((RegisterOperand.Chosen) register).number());
    }

    private static boolean isOpenMove(Instruction instruction) {
        return instruction.mnemonic().equals("mov")
                && instruction.operands().get(0) instanceof RegisterOperand register
                && register.kind() == RegisterClass.R64
                && OperandMatcher.isOpen(instruction.operands().get(1))
                && ((Operand.Immediate) instruction.operands().get(1)).width().isEmpty();
    }

    private static boolean isBranch(List<InstructionForm> forms) {
        return forms.stream()
                .anyMatch(form -> form.explicitOperands().stream()
                        .anyMatch(operand -> operand.type() instanceof OperandType.Relative));
    }

    private static Optional<EncodingPlan> branch(
            Instruction instruction, List<InstructionForm> forms, Diagnostics diagnostics) {
        Optional<Bytes> shortOpcode = Optional.empty();
        Optional<Bytes> nearOpcode = Optional.empty();
        for (InstructionForm form : forms) {
            int size = form.encoding().immediates().get(0);
            Optional<Bytes> opcode = Optional.of(opcode(form));
            if (size == 1) {
                shortOpcode = shortOpcode.or(() -> opcode);
            } else if (size == 4) {
                nearOpcode = nearOpcode.or(() -> opcode);
            }
        }
        if (!instruction.prefixes().isEmpty()) {
            diagnostics.report(
                    DiagnosticCode.BAD_PREFIX,
                    instruction.span(),
                    "'" + instruction.prefixes().get(0) + "' cannot stand before a branch to a label or an address");
            return Optional.empty();
        }
        Optional<Bytes> throughMemory = switch (instruction.mnemonic()) {
            case "call" -> Optional.of(new Bytes(List.of(0xFF, 0x15)));
            case "jmp" -> Optional.of(new Bytes(List.of(0xFF, 0x25)));
            default -> Optional.empty();
        };
        Operand target = instruction.operands().get(0);
        return Optional.of(new EncodingPlan.Branch(instruction, target, shortOpcode, nearOpcode, throughMemory));
    }

    private static Bytes opcode(InstructionForm form) {
        List<Integer> bytes = new ArrayList<>(form.encoding().prefixes());
        bytes.addAll(form.encoding().opcode());
        if (form.encoding().plusCondition()) {
            int last = bytes.size() - 1;
            bytes.set(last, bytes.get(last) + form.condition().orElseThrow().code());
        }
        return new Bytes(bytes);
    }

    /** The encoders to try in order: of a form for small values first, the last takes all values that any takes. */
    static List<FormEncoder> encoders(List<InstructionForm> forms, Instruction instruction, Diagnostics diagnostics) {
        List<FormEncoder> fitting = new ArrayList<>();
        EncodingException first = null;
        for (InstructionForm form : forms) {
            try {
                fitting.add(new FormEncoder(form, instruction));
            } catch (EncodingException wrong) {
                first = first == null ? wrong : first;
            }
        }
        if (fitting.isEmpty()) {
            EncodingException wrong = first;
            diagnostics.report(
                    new Diagnostic(wrong.code(), instruction.span(), wrong.getMessage(), List.of(), wrong.help()));
            return List.of();
        }
        Comparator<FormEncoder> shortest = Comparator.comparingInt(FormEncoder::weight);
        List<FormEncoder> general = fitting.stream()
                .filter(encoder -> encoder.conditions().isEmpty())
                .toList();
        List<FormEncoder> small = fitting.stream()
                .filter(encoder -> !encoder.conditions().isEmpty())
                .toList();
        if (general.isEmpty()) {
            return List.of(small.stream().min(shortest).orElseThrow());
        }
        FormEncoder widest = general.stream().min(shortest).orElseThrow();
        Optional<FormEncoder> smallest = small.stream().min(shortest);
        if (smallest.isPresent() && smallest.get().weight() < widest.weight()) {
            return List.of(smallest.get(), widest);
        }
        return reversed(widest, general)
                .map(other -> List.of(widest.withShortestPrefix(), other.withShortestPrefix(), widest))
                .orElse(List.of(widest));
    }

    /**
     * The storing form of a move between chosen vector registers, where the loading form is taken: each saves a byte of VEX
     * for other numbers.
     */
    private static Optional<FormEncoder> reversed(FormEncoder widest, List<FormEncoder> general) {
        if (!dependsOnVex(widest)) {
            return Optional.empty();
        }
        List<Condition> conditions = widest.prefixes().get(0).conditions();
        return general.stream()
                .filter(other -> dependsOnVex(other)
                        && !other.prefixes().get(0).conditions().equals(conditions))
                .findFirst();
    }

    private static boolean dependsOnVex(FormEncoder encoder) {
        return encoder.form().encoding().scheme() == Encoding.Scheme.VEX
                && encoder.prefixes().size() == 2
                && encoder.rest().size() == 1;
    }

    private static EncodingPlan straight(Instruction instruction, List<FormEncoder> encoders) {
        FormEncoder last = encoders.get(encoders.size() - 1);
        List<RangeCheck> checks = last.checks().stream().distinct().toList();
        boolean samePrefixes =
                encoders.stream().allMatch(encoder -> encoder.prefixes().equals(last.prefixes()));
        boolean separate = samePrefixes && last.prefixes().size() > 1;
        List<Case> cases = new ArrayList<>();
        for (FormEncoder encoder : encoders) {
            List<Condition> range = encoder == last ? List.of() : encoder.conditions();
            List<Case> prefixes = separate ? List.of(new Case(List.of(), List.of())) : encoder.prefixes();
            for (Case prefix : prefixes) {
                for (Case rest : encoder.rest()) {
                    List<Condition> conditions = new ArrayList<>(range);
                    conditions.addAll(prefix.conditions());
                    conditions.addAll(rest.conditions());
                    cases.add(new Case(
                            conditions,
                            new PieceList()
                                    .all(prefix.pieces())
                                    .all(rest.pieces())
                                    .build()));
                }
            }
        }
        List<Part> parts = new ArrayList<>();
        if (separate) {
            parts.add(new Part(last.prefixes()));
        }
        parts.add(new Part(cases));
        return new EncodingPlan.Straight(instruction, checks, RegisterRules.differences(last), parts);
    }
}
