package dev.intaglio.processor.layout;

import dev.intaglio.assembly.encode.EncodingPlan;
import dev.intaglio.assembly.encode.EncodingPlan.Bytes;
import dev.intaglio.assembly.encode.EncodingPlan.Case;
import dev.intaglio.assembly.encode.EncodingPlan.Condition;
import dev.intaglio.assembly.encode.EncodingPlan.Part;
import dev.intaglio.assembly.encode.EncodingPlan.Piece;
import dev.intaglio.assembly.encode.EncodingPlan.RangeCheck;
import dev.intaglio.assembly.encode.EncodingPlan.RegisterBits;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import java.util.List;
import java.util.Optional;

/** Plans in which no field depends on its value: what a template with holes must look like. */
final class WorstCase {
    private WorstCase() {}

    static EncodingPlan of(EncodingPlan plan) {
        if (plan instanceof EncodingPlan.Straight straight) {
            return new EncodingPlan.Straight(
                    straight.instruction(),
                    straight.checks(),
                    straight.differences(),
                    straight.parts().stream().map(WorstCase::widest).toList());
        }
        if (plan instanceof EncodingPlan.LoadConstant load) {
            return wideConstant(load);
        }
        EncodingPlan.Branch branch = (EncodingPlan.Branch) plan;
        boolean hasNear = branch.nearOpcode().isPresent();
        return new EncodingPlan.Branch(
                branch.instruction(),
                branch.target(),
                hasNear && branch.target() instanceof Operand.LabelTarget ? Optional.empty() : branch.shortOpcode(),
                branch.nearOpcode(),
                branch.throughMemory());
    }

    /** The cases that ask nothing of a value. */
    private static Part widest(Part part) {
        List<Case> cases = part.cases().stream()
                .filter(one -> one.conditions().stream().noneMatch(WorstCase::asksValue))
                .toList();
        return new Part(cases);
    }

    private static boolean asksValue(Condition condition) {
        return condition instanceof Condition.Zero
                || condition instanceof Condition.Is
                || condition instanceof Condition.FitsByte
                || condition instanceof Condition.LowBitsFitByte;
    }

    /** {@code mov r64, imm64}. */
    private static EncodingPlan wideConstant(EncodingPlan.LoadConstant load) {
        Piece value = new Piece.Value(load.value(), 8, 1);
        if (load.register() instanceof RegisterOperand.Fixed fixed) {
            int number = fixed.register().number();
            Bytes head = new Bytes(List.of(0x48 | number >> 3, 0xB8 | number & 7));
            return new EncodingPlan.Straight(
                    load.instruction(),
                    List.of(),
                    List.of(),
                    List.of(Part.always(List.of(new Piece.Fixed(head), value))));
        }
        Expression number = ((RegisterOperand.Chosen) load.register()).number();
        return new EncodingPlan.Straight(
                load.instruction(),
                List.of(RangeCheck.within(number, 0, 15, "register")),
                List.of(),
                List.of(Part.always(List.of(
                        new Piece.Registers(0x48, List.of(new RegisterBits(number, 8, 3, 0, false))),
                        new Piece.Registers(0xB8, List.of(new RegisterBits(number, 7, 0, 0, false))),
                        value))));
    }
}
