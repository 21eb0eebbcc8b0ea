package dev.intaglio.assembly.encode;

import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.Scope;
import dev.intaglio.assembly.syntax.ParserOptions;
import dev.intaglio.assembly.syntax.StencilParser;
import dev.intaglio.assembly.table.InstructionTable;
import java.util.HexFormat;
import java.util.List;

/** What this assembler makes of a line: the side that is judged. */
final class Ours {
    private Ours() {}

    /** The bytes in hex, or {@code error: } with what is wrong. */
    static String hex(String line) {
        Diagnostics diagnostics = new Diagnostics();
        List<Line> parsed = StencilParser.parseAssembly(line, Scope.EMPTY, ParserOptions.DEFAULT, diagnostics);
        return diagnostics.all().isEmpty() ? hex((Instruction) parsed.get(0)) : "error: " + diagnostics.all();
    }

    static String hex(Instruction instruction) {
        Diagnostics diagnostics = new Diagnostics();
        return Assembler.assemble(instruction, diagnostics)
                .map(HexFormat.of()::formatHex)
                .orElseGet(() -> "error: " + diagnostics.all());
    }

    /**
     * Whether other bytes than a judge's are as right: fewer, because a number needs only the lower half of a register or
     * because sources may be swapped; or as many, where the judge makes a detour over nop.
     */
    static boolean isBetter(String line, String ours, String theirs) {
        return ours.length() < theirs.length()
                && (line.startsWith("mov ") && line.matches("mov r[^,]+, *-?[0-9a-fx]+") || ours.equals(swapped(line)));
    }

    /** The bytes with the last two operands the other way round, where the table says that this is the same. */
    private static String swapped(String line) {
        Instruction instruction =
                (Instruction) StencilParser.parseAssembly(line, Scope.EMPTY, ParserOptions.DEFAULT, new Diagnostics())
                        .get(0);
        List<Operand> operands = instruction.operands();
        boolean same = operands.size() == 3
                && InstructionTable.x86_64().forms(instruction.mnemonic()).stream()
                        .anyMatch(form -> form.has("comm"));
        return same
                ? hex(instruction.with(
                        instruction.mnemonic(), List.of(operands.get(0), operands.get(2), operands.get(1))))
                : "";
    }
}
