package dev.intaglio.processor.write;

import dev.intaglio.assembly.encode.EncodingPlan.RangeCheck;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.processor.layout.PatchShape;
import java.util.Locale;

/** Writes instructions that are patched. */
final class PatchWriter {
    private static final long LARGEST = 0xffff_ffffL;

    private final RunWriter run;

    PatchWriter(RunWriter run) {
        this.run = run;
    }

    void write(Line.PatchPoint patch, SectionState section) {
        PatchShape shape = PatchShape.of(patch);
        Instruction instruction = patch.instruction();
        String where = section.section() + ", ";
        String begin = run.patchSite(patch.site()) + ", ";
        Operand first = instruction.operands().get(0);
        if (first instanceof RegisterOperand register) {
            Expression value = ((Operand.Immediate) instruction.operands().get(1)).value();
            if (shape.field() == 4) {
                run.check(RangeCheck.within(value, Integer.MIN_VALUE, LARGEST, "32-bit immediate"));
            }
            String arguments = register(register) + ", " + shape.field() + ", " + run.value(value, "value");
            section.append("patchConstant", where, begin + arguments + ", " + run.site(), run.source());
        } else if (first instanceof Operand.LabelTarget target) {
            String arguments = String.format(Locale.ROOT, "0x%X", shape.opcode()) + ", " + run.target(target);
            section.append("patchBranch", where, begin + arguments + ", " + run.site(), run.source());
        } else {
            String address = run.value(((Operand.Immediate) first).value(), "address");
            String arguments = String.format(Locale.ROOT, "0x%X", shape.opcode()) + ", " + address;
            section.append("patchBranchAddress", where, begin + arguments + ", " + run.site(), run.source());
        }
    }

    private String register(RegisterOperand register) {
        if (register instanceof RegisterOperand.Fixed fixed) {
            return Integer.toString(fixed.register().number());
        }
        Expression number = ((RegisterOperand.Chosen) register).number();
        run.check(RangeCheck.within(number, 0, 15, "register"));
        return "(int) " + run.value(number, "register");
    }
}
