package dev.intaglio.processor.layout;

import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.encode.Encoder;
import dev.intaglio.assembly.encode.EncodingPlan;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.machine.CpuFeatures;
import dev.intaglio.assembly.machine.FlagSet;
import dev.intaglio.peephole.Contract;
import dev.intaglio.peephole.Liveness;
import dev.intaglio.processor.resolve.StencilUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The lines of a stencil with their sections and the plans of their instructions. */
public final class Plans {
    /**
     * @param section the section that the line is in
     * @param plan of an instruction
     */
    public record Planned(Line line, String section, Optional<EncodingPlan> plan) {
        /** The most bytes that the line can add to its section. */
        public int maxLength() {
            if (line instanceof Line.Align align) {
                return align.bytes() - 1;
            }
            if (line instanceof Line.Data data) {
                return data.itemBytes() * data.items().size();
            }
            if (line instanceof Line.PatchPoint patch) {
                return PatchShape.of(patch).maxLength();
            }
            if (line instanceof Line.Enter || line instanceof Line.Leave) {
                return line instanceof Line.Enter ? ENTER : 1;
            }
            if (line instanceof Line.Observe) {
                return OBSERVE;
            }
            return plan.map(EncodingPlan::maxLength).orElse(0);
        }

        /** The fewest bytes of what has no plan. */
        public int minLength() {
            if (line instanceof Line.Align || line instanceof Line.Observe) {
                return 0;
            }
            if (line instanceof Line.PatchPoint patch) {
                return PatchShape.of(patch).length();
            }
            return plan.map(EncodingPlan::minLength).orElseGet(this::maxLength);
        }
    }

    /** The bytes of {@code .enter}. */
    private static final int ENTER = 11;

    /** The most bytes of {@code .observe}. */
    private static final int OBSERVE = 24;

    private Plans() {}

    /** Plans all instructions of a stencil; what is wrong is reported to its diagnostics and has no plan. */
    public static List<Planned> of(StencilUnit stencil) {
        return of(
                stencil.lines(),
                stencil.contract(),
                stencil.target().allowed(),
                stencil.strategy(),
                stencil.diagnostics());
    }

    /** Plans all instructions with what the CPU has; what is wrong is reported and has no plan. */
    public static List<Planned> of(
            List<Line> lines, Contract contract, CpuFeatures cpu, Strategy strategy, Diagnostics diagnostics) {
        Optional<Liveness> liveness = Optional.empty();
        List<Planned> planned = new ArrayList<>();
        String section = "code";
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            if (line instanceof Line.SectionSwitch change) {
                section = change.section();
            }
            Optional<EncodingPlan> plan = Optional.empty();
            if (line instanceof Instruction instruction) {
                boolean flagsDead = false;
                if (mayBecomeXor(instruction)) {
                    liveness = liveness.or(() -> Optional.of(Liveness.of(lines, contract)));
                    flagsDead = liveness.get().flagsDeadAfter(i).containsAll(FlagSet.ARITHMETIC);
                }
                plan = Encoder.plan(instruction, flagsDead, cpu, diagnostics);
                if (strategy == Strategy.COPY_AND_PATCH) {
                    plan = plan.map(WorstCase::of);
                }
            }
            planned.add(new Planned(line, section, plan));
        }
        return planned;
    }

    /** Whether the bytes depend on flags being dead behind the instruction. */
    private static boolean mayBecomeXor(Instruction instruction) {
        return instruction.mnemonic().equals("mov")
                && instruction.operands().size() == 2
                && instruction.operands().get(1) instanceof Operand.Immediate;
    }
}
