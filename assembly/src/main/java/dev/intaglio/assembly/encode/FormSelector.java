package dev.intaglio.assembly.encode;

import dev.intaglio.assembly.diagnostic.Diagnostic;
import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.ir.Decoration;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.CpuFeatures;
import dev.intaglio.assembly.syntax.Nearest;
import dev.intaglio.assembly.table.Encoding;
import dev.intaglio.assembly.table.InstructionForm;
import dev.intaglio.assembly.table.InstructionTable;
import dev.intaglio.assembly.table.OperandPattern;
import dev.intaglio.assembly.table.OperandType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Finds the forms that fit an instruction, or says why none does. */
final class FormSelector {
    private static final int MOST_LISTED = 10;

    private FormSelector() {}

    /** The forms that fit and that the CPU has, in the table's order; empty if there is none, which is reported. */
    static List<InstructionForm> candidates(Instruction instruction, CpuFeatures cpu, Diagnostics diagnostics) {
        List<InstructionForm> all = InstructionTable.x86_64().forms(instruction.mnemonic());
        if (all.isEmpty()) {
            unknownMnemonic(instruction, diagnostics);
            return List.of();
        }
        List<InstructionForm> typed = all.stream()
                .filter(form -> OperandMatcher.fitsTypes(form, instruction))
                .toList();
        if (typed.isEmpty()) {
            noSuchForm(instruction, all, diagnostics);
            return List.of();
        }
        List<InstructionForm> fitting = typed.stream()
                .filter(form -> OperandMatcher.fitsValues(form, instruction))
                .toList();
        if (fitting.isEmpty()) {
            outOfRange(instruction, typed, diagnostics);
            return List.of();
        }
        List<InstructionForm> sized = withoutDoubt(fitting, instruction, diagnostics);
        List<InstructionForm> present =
                sized.stream().filter(form -> cpu.missing(form.cpu()).isEmpty()).toList();
        if (present.isEmpty() && !sized.isEmpty()) {
            MissingFeature.report(instruction, sized, cpu, diagnostics);
        }
        return preferred(present, instruction);
    }

    /** The EVEX forms for registers that VEX does not reach; empty where there are none, or the CPU has them not. */
    static List<InstructionForm> beyondVex(Instruction instruction, CpuFeatures cpu) {
        if (!instruction.decoration().equals(Decoration.NONE)) {
            return List.of();
        }
        Decoration forced = new Decoration(Optional.empty(), false, 0, Optional.empty(), Optional.of("evex"));
        Instruction asked = new Instruction(
                instruction.prefixes(),
                instruction.mnemonic(),
                instruction.operands(),
                forced,
                instruction.span(),
                List.of());
        return InstructionTable.x86_64().forms(instruction.mnemonic()).stream()
                .filter(form -> form.encoding().scheme() == Encoding.Scheme.EVEX)
                .filter(form -> OperandMatcher.fitsTypes(form, asked) && OperandMatcher.fitsValues(form, asked))
                .filter(form -> cpu.missing(form.cpu()).isEmpty())
                .limit(1)
                .toList();
    }

    /** Drops alternatives, EVEX where VEX will do, and what a forced direction excludes. */
    private static List<InstructionForm> preferred(List<InstructionForm> forms, Instruction instruction) {
        String forced = instruction.decoration().encoding().orElse("");
        List<InstructionForm> result = forms;
        if (forced.equals("load") || forced.equals("store")) {
            boolean store = forced.equals("store");
            List<InstructionForm> directed = forms.stream()
                    .filter(form -> !form.explicitOperands().isEmpty()
                            && form.explicitOperands().get(0).hasSlash() == store)
                    .toList();
            result = directed.isEmpty() ? forms : directed;
        } else if (forms.stream().anyMatch(form -> !form.isAlternative())) {
            result = forms.stream().filter(form -> !form.isAlternative()).toList();
        }
        boolean hasShorter = result.stream().anyMatch(form -> form.encoding().scheme() != Encoding.Scheme.EVEX);
        if (hasShorter && !forced.equals("evex")) {
            result = result.stream()
                    .filter(form -> form.encoding().scheme() != Encoding.Scheme.EVEX)
                    .toList();
        }
        return result;
    }

    /** A memory operand without a size word must mean one size only. */
    private static List<InstructionForm> withoutDoubt(
            List<InstructionForm> forms, Instruction instruction, Diagnostics diagnostics) {
        for (int i = 0; i < instruction.operands().size(); i++) {
            if (!(instruction.operands().get(i) instanceof Operand.Memory memory)
                    || memory.width().isPresent()) {
                continue;
            }
            int place = i;
            Set<Integer> sizes = forms.stream()
                    .map(form -> memoryBytes(form, place))
                    .filter(size -> size > 0)
                    .collect(Collectors.toCollection(TreeSet::new));
            if (sizes.size() < 2) {
                continue;
            }
            List<InstructionForm> usual =
                    forms.stream().filter(form -> form.has("default")).toList();
            if (!usual.isEmpty()) {
                return usual;
            }
            String words = sizes.stream().map(FormSelector::sizeWord).collect(Collectors.joining(", "));
            diagnostics.report(
                    DiagnosticCode.SIZE_MISSING,
                    instruction.operandSpan(i),
                    "the size of '" + memory + "' is not known: nothing else in '" + instruction + "' tells it",
                    "write it before the bracket: one of " + words);
            return List.of();
        }
        return forms;
    }

    private static int memoryBytes(InstructionForm form, int place) {
        return form.explicitOperands().get(place).type() instanceof OperandType.RegisterOrMemory either
                ? either.memory().map(OperandType.MemoryType::bytes).orElse(0)
                : 0;
    }

    private static String sizeWord(int bytes) {
        for (dev.intaglio.assembly.machine.Width width : dev.intaglio.assembly.machine.Width.values()) {
            if (width.bytes() == bytes) {
                return width.toString();
            }
        }
        return bytes + " bytes";
    }

    private static void unknownMnemonic(Instruction instruction, Diagnostics diagnostics) {
        Optional<String> near =
                Nearest.to(instruction.mnemonic(), InstructionTable.x86_64().mnemonics());
        diagnostics.report(new Diagnostic(
                DiagnosticCode.UNKNOWN_MNEMONIC,
                new dev.intaglio.assembly.diagnostic.Span(
                        instruction.span().start(),
                        Math.min(
                                instruction.span().end(),
                                instruction.span().start()
                                        + instruction.mnemonic().length())),
                "there is no instruction '" + instruction.mnemonic() + "'",
                List.of(),
                near.map(candidate -> "did you mean " + candidate + "?")));
    }

    private static void noSuchForm(Instruction instruction, List<InstructionForm> all, Diagnostics diagnostics) {
        String found = instruction.operands().stream().map(FormSelector::typeOf).collect(Collectors.joining(", "));
        List<String> details = new ArrayList<>();
        List<String> signatures =
                all.stream().map(InstructionForm::signature).distinct().toList();
        String shown = signatures.stream().limit(MOST_LISTED).collect(Collectors.joining(" "));
        details.add("forms: " + shown
                + (signatures.size() > MOST_LISTED ? " and " + (signatures.size() - MOST_LISTED) + " more" : ""));
        diagnostics.report(new Diagnostic(
                DiagnosticCode.NO_SUCH_FORM,
                culprit(instruction, all),
                "'" + instruction.mnemonic() + "' has no form (" + found + ")" + decorated(instruction),
                details,
                Remedy.of(instruction, all)));
    }

    private static String decorated(Instruction instruction) {
        return instruction.decoration().equals(Decoration.NONE) ? "" : " with these braces";
    }

    /** The first operand that no form takes in its place, if there is one. */
    private static dev.intaglio.assembly.diagnostic.Span culprit(Instruction instruction, List<InstructionForm> all) {
        int count = instruction.operands().size();
        List<InstructionForm> sameCount = all.stream()
                .filter(form -> form.explicitOperands().size() == count)
                .toList();
        if (sameCount.isEmpty()) {
            return instruction.span();
        }
        for (int i = 0; i < count; i++) {
            Instruction prefix = instruction.with(
                    instruction.mnemonic(), instruction.operands().subList(0, i + 1));
            int shown = i + 1;
            boolean none =
                    sameCount.stream().noneMatch(form -> OperandMatcher.fitsTypes(firstOperands(form, shown), prefix));
            if (none) {
                return instruction.operandSpan(i);
            }
        }
        return instruction.span();
    }

    private static InstructionForm firstOperands(InstructionForm form, int count) {
        List<OperandPattern> operands = form.explicitOperands().subList(0, count);
        return new InstructionForm(
                form.mnemonic(), operands, form.encoding(), form.flags(), form.cpu(), Set.of(), form.condition());
    }

    private static void outOfRange(Instruction instruction, List<InstructionForm> typed, Diagnostics diagnostics) {
        for (int i = 0; i < instruction.operands().size(); i++) {
            if (!(instruction.operands().get(i) instanceof Operand.Immediate immediate)
                    || !immediate.value().isConstant()) {
                continue;
            }
            long value = immediate.value().constant().getAsLong();
            long minimum = Long.MAX_VALUE;
            long maximum = Long.MIN_VALUE;
            for (InstructionForm form : typed) {
                if (form.explicitOperands().get(i).type() instanceof OperandType.Immediate type) {
                    ImmediateRange range = ImmediateRange.of(type, form);
                    minimum = Math.min(minimum, range.minimum());
                    maximum = Math.max(maximum, range.maximum());
                }
            }
            if (value < minimum
                    || value > maximum
                    || i == instruction.operands().size() - 1) {
                diagnostics.report(new Diagnostic(
                        DiagnosticCode.OUT_OF_RANGE,
                        instruction.operandSpan(i),
                        "'" + instruction.mnemonic() + "' cannot take " + value + " here: its field holds " + minimum
                                + " to " + maximum,
                        List.of(),
                        maximum == Integer.MAX_VALUE
                                ? Optional.of("load the constant into a register first: mov rax, " + value)
                                : Optional.empty()));
                return;
            }
        }
        noSuchForm(instruction, typed, diagnostics);
    }

    /** An operand's type, in the table's words. */
    private static String typeOf(Operand operand) {
        if (operand instanceof RegisterOperand register) {
            return switch (register.kind()) {
                case R8, R8H -> "r8";
                case R16 -> "r16";
                case R32 -> "r32";
                case R64 -> "r64";
                case X87 -> "sti";
                case MMX -> "mm";
                case MASK -> "k";
                case SEGMENT -> "sreg";
                case CONTROL -> "cr";
                case DEBUG -> "dr";
                case XMM, YMM, ZMM, BOUND -> register.kind().name().toLowerCase(java.util.Locale.ROOT);
            };
        }
        if (operand instanceof Operand.Memory memory) {
            return memory.width().map(width -> "m" + width.bits()).orElse("m");
        }
        return operand instanceof Operand.Immediate ? "imm" : "label";
    }
}
