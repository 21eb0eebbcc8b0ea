package dev.intaglio.assembly.encode;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.encode.EncodingPlan.Piece;
import dev.intaglio.assembly.ir.Instruction;
import java.io.ByteArrayOutputStream;
import java.util.Optional;

/** Assembles instructions in which every value is known. */
public final class Assembler {
    private Assembler() {}

    /** The bytes; empty where the instruction is wrong or depends on where it will lie, which is reported. */
    public static Optional<byte[]> assemble(Instruction instruction, Diagnostics diagnostics) {
        return bytes(instruction, Encoder.plan(instruction, false, diagnostics), diagnostics);
    }

    /** The bytes of an instruction that a disassembler prints as it is written: commutative sources keep their order. */
    public static Optional<byte[]> assembleInOrder(Instruction instruction, Diagnostics diagnostics) {
        return bytes(instruction, Encoder.planInOrder(instruction, diagnostics), diagnostics);
    }

    private static Optional<byte[]> bytes(
            Instruction instruction, Optional<EncodingPlan> plan, Diagnostics diagnostics) {
        if (plan.isEmpty()) {
            return Optional.empty();
        }
        if (!(plan.get() instanceof EncodingPlan.Straight straight)) {
            return depends(instruction, diagnostics);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (EncodingPlan.Part part : straight.parts()) {
            for (Piece piece : part.cases().get(0).pieces()) {
                if (part.cases().size() > 1 || !(piece instanceof Piece.Fixed fixed)) {
                    return depends(instruction, diagnostics);
                }
                fixed.bytes().values().forEach(bytes::write);
            }
        }
        return Optional.of(bytes.toByteArray());
    }

    private static Optional<byte[]> depends(Instruction instruction, Diagnostics diagnostics) {
        diagnostics.report(
                DiagnosticCode.NO_SUCH_FORM,
                instruction.span(),
                "the bytes of '" + instruction + "' depend on values or places that are known only at emission");
        return Optional.empty();
    }
}
