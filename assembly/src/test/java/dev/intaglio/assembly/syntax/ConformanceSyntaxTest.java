package dev.intaglio.assembly.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.Conformance;
import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Scope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConformanceSyntaxTest {
    @Test
    void everyReferenceLineIsOneInstructionThatPrintsBack() {
        List<String> wrong = new ArrayList<>();
        for (Conformance.Encoding reference : Conformance.encodings()) {
            Diagnostics diagnostics = new Diagnostics();
            List<Line> lines = parse(reference.line(), diagnostics);
            if (diagnostics.hasErrors() || lines.size() != 1 || !(lines.get(0) instanceof Instruction instruction)) {
                wrong.add(reference.line() + ": " + diagnostics.all() + lines);
                continue;
            }
            Diagnostics again = new Diagnostics();
            List<Line> reparsed = parse(instruction.toString(), again);
            if (again.hasErrors() || !reparsed.get(0).toString().equals(instruction.toString())) {
                wrong.add(reference.line() + " prints as " + instruction + ": " + again.all());
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void mistakesOfNotationAreFoundByTheParserAlone() {
        List<String> accepted = new ArrayList<>();
        for (Conformance.Rejected rejected : Conformance.rejected()) {
            boolean notation = List.of("bad-scale", "rsp-index", "unbalanced", "unknown-register")
                    .contains(rejected.reason());
            Diagnostics diagnostics = new Diagnostics();
            parse(rejected.line(), diagnostics);
            if (notation && diagnostics.all().size() != 1) {
                accepted.add(rejected + " " + diagnostics.all());
            }
        }
        assertThat(accepted).isEmpty();
    }

    private static List<Line> parse(String line, Diagnostics diagnostics) {
        return StencilParser.parseAssembly(line, Scope.EMPTY, ParserOptions.DEFAULT, diagnostics);
    }
}
