package dev.intaglio.assembly.encode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.Conformance;
import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Scope;
import dev.intaglio.assembly.syntax.ParserOptions;
import dev.intaglio.assembly.syntax.StencilParser;
import dev.intaglio.assembly.table.InstructionTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ConformanceTest {
    @Test
    void referenceLinesGiveTheReferenceBytesOrFewer() {
        List<String> wrong = new ArrayList<>();
        Map<String, Integer> unknown = new TreeMap<>();
        int checked = 0;
        for (Conformance.Encoding reference : Conformance.encodings()) {
            Instruction instruction = parse(reference.line());
            if (!InstructionTable.x86_64().knows(instruction.mnemonic())) {
                unknown.merge(reference.group(), 1, Integer::sum);
                continue;
            }
            checked++;
            String hex = Ours.hex(instruction);
            if (!hex.equals(reference.hex()) && !Ours.isBetter(reference.line(), hex, reference.hex())) {
                wrong.add(reference.line() + ": " + hex + ", expected " + reference.hex());
            }
        }
        System.out.println(checked + " reference lines checked, not in the table: " + unknown);
        assertThat(wrong).isEmpty();
    }

    @Test
    void wrongLinesAreRefusedWithOneMessage() {
        List<String> accepted = new ArrayList<>();
        for (Conformance.Rejected rejected : Conformance.rejected()) {
            Diagnostics diagnostics = new Diagnostics();
            List<Line> lines =
                    StencilParser.parseAssembly(rejected.line(), Scope.EMPTY, ParserOptions.DEFAULT, diagnostics);
            for (Line line : lines) {
                if (line instanceof Instruction instruction) {
                    Assembler.assemble(instruction, diagnostics);
                }
            }
            if (diagnostics.all().size() != 1) {
                accepted.add(rejected + " " + diagnostics.all());
            }
        }
        assertThat(accepted).isEmpty();
    }

    private static Instruction parse(String line) {
        Diagnostics diagnostics = new Diagnostics();
        List<Line> lines = StencilParser.parseAssembly(line, Scope.EMPTY, ParserOptions.DEFAULT, diagnostics);
        assertThat(diagnostics.all()).as(line).isEmpty();
        return (Instruction) lines.get(0);
    }
}
