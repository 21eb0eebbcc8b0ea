package dev.intaglio.peephole;

import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.encode.Encoder;
import dev.intaglio.assembly.encode.EncodingPlan;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.table.Access;
import dev.intaglio.assembly.table.InstructionForm;
import dev.intaglio.assembly.table.OperandPattern;
import dev.intaglio.assembly.table.OperandType;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Facts from the instruction table; each instruction is looked up once, by itself: comparing it would take longer. */
final class TableFacts implements Facts.Source {
    private final Map<Instruction, Optional<Facts>> known = new IdentityHashMap<>();

    @Override
    public Optional<Facts> of(Instruction instruction) {
        return known.computeIfAbsent(instruction, TableFacts::lookUp);
    }

    @Override
    public int maxLength(Instruction instruction) {
        return Encoder.plan(instruction, false, new Diagnostics())
                .map(EncodingPlan::maxLength)
                .orElseThrow();
    }

    private static Optional<Facts> lookUp(Instruction instruction) {
        Optional<InstructionForm> form = Encoder.select(instruction, new Diagnostics());
        if (form.isEmpty()) {
            return Optional.empty();
        }
        List<Access> access = new ArrayList<>();
        List<Facts.Implicit> implicit = new ArrayList<>();
        boolean implicitMemory = false;
        for (OperandPattern operand : form.get().operands()) {
            if (!operand.implicit()) {
                access.add(operand.access());
            } else if (operand.type() instanceof OperandType.Exactly one) {
                implicit.add(new Facts.Implicit(new RegisterOperand.Fixed(one.register()), operand.access()));
            } else {
                implicitMemory = true;
            }
        }
        if (access.size() != instruction.operands().size()) {
            return Optional.empty();
        }
        boolean opaque = form.get().has("opaque");
        return Optional.of(
                new Facts(access, implicit, implicitMemory, form.get().flags(), opaque));
    }
}
