package dev.intaglio.assembly.encode;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.encode.EncodingPlan.DifferenceCheck;
import dev.intaglio.assembly.encode.EncodingPlan.RangeCheck;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.table.InstructionForm;
import dev.intaglio.assembly.table.OperandPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Registers that have an encoding and that the processor refuses: with them the instruction raises #UD wherever it runs. For
 * those chosen at emission it is checked there.
 */
final class RegisterRules {
    /** SDM Vol. 3A, 2.5: the others are reserved. */
    private static final Set<Integer> CONTROL = Set.of(0, 2, 3, 4, 8);

    private static final long MOST_CONTROL = 8;
    private static final long MOST_DEBUG = 7;
    private static final int CS = 1;

    private RegisterRules() {}

    /** Two registers, the first of which is written. */
    private record Pair(RegisterOperand written, RegisterOperand other) {}

    static void check(InstructionForm form, Instruction instruction) throws EncodingException {
        List<OperandPattern> patterns = form.explicitOperands();
        for (int i = 0; i < patterns.size(); i++) {
            if (instruction.operands().get(i) instanceof RegisterOperand.Fixed fixed) {
                check(fixed.register(), patterns.get(i).access().writes());
            }
        }
        for (Pair pair : pairs(form, instruction)) {
            boolean same = pair.written() instanceof RegisterOperand.Fixed written
                    && pair.other() instanceof RegisterOperand.Fixed other
                    && written.register().number() == other.register().number();
            if (same) {
                throw new EncodingException(
                        DiagnosticCode.BAD_REGISTER,
                        "'" + pair.written() + "' is written and '" + pair.other()
                                + "' is used beside it: the processor" + " refuses '" + instruction.mnemonic()
                                + "' with one register for both",
                        Optional.of("use another register"));
            }
        }
    }

    private static void check(Register register, boolean written) throws EncodingException {
        switch (register.kind()) {
            case CONTROL ->
                require(CONTROL.contains(register.number()), register, "there are cr0, cr2, cr3, cr4 and cr8");
            case DEBUG -> require(register.number() <= MOST_DEBUG, register, "there are dr0 to dr7");
            case SEGMENT ->
                require(!written || register.number() != CS, register, "a far jump, call or return loads cs");
            default -> {}
        }
    }

    private static void require(boolean holds, Register register, String help) throws EncodingException {
        if (!holds) {
            throw new EncodingException(
                    DiagnosticCode.BAD_REGISTER,
                    "'" + register + "' has an encoding here that the processor refuses",
                    Optional.of(help));
        }
    }

    /** What the emission must check of the number of a chosen register, of which {@code highest} is the last that is encoded. */
    static List<RangeCheck> ranges(RegisterOperand.Chosen chosen, boolean written, long highest) {
        Expression number = chosen.number();
        return switch (chosen.kind()) {
            case CONTROL ->
                LongStream.range(0, MOST_CONTROL)
                        .filter(other -> !CONTROL.contains((int) other))
                        .mapToObj(other -> new RangeCheck(number, 0, MOST_CONTROL, other, "control register"))
                        .toList();
            case DEBUG -> List.of(RangeCheck.within(number, 0, MOST_DEBUG, "debug register"));
            case SEGMENT ->
                List.of(
                        written
                                ? new RangeCheck(number, 0, highest, CS, "segment register")
                                : RangeCheck.within(number, 0, highest, "segment register"));
            default -> List.of(RangeCheck.within(number, 0, highest, "register"));
        };
    }

    /** What the emission must check of two. */
    static List<DifferenceCheck> differences(FormEncoder encoder) {
        List<DifferenceCheck> checks = new ArrayList<>();
        for (Pair pair : pairs(encoder.form(), encoder.instruction())) {
            Expression first = number(pair.written());
            Expression second = number(pair.other());
            if (!first.isConstant() || !second.isConstant()) {
                checks.add(new DifferenceCheck(first, second, "destination register"));
            }
        }
        return checks;
    }

    private static Expression number(RegisterOperand operand) {
        return operand instanceof RegisterOperand.Chosen chosen
                ? chosen.number()
                : Expression.of(((RegisterOperand.Fixed) operand).register().number());
    }

    /** The destination with each register beside it. */
    private static List<Pair> pairs(InstructionForm form, Instruction instruction) {
        if (!form.has("apart")) {
            return List.of();
        }
        RegisterOperand written = (RegisterOperand) instruction.operands().get(0);
        return instruction.operands().stream()
                .skip(1)
                .filter(RegisterOperand.class::isInstance)
                .map(other -> new Pair(written, (RegisterOperand) other))
                .toList();
    }
}
