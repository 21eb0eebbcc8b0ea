package dev.intaglio.assembly.encode;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.machine.CpuFeatures;
import dev.intaglio.assembly.machine.CpuLevel;
import dev.intaglio.assembly.table.InstructionForm;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Says which feature an instruction needs beyond what may be counted on, who has it, and what to do. */
final class MissingFeature {
    private MissingFeature() {}

    static void report(Instruction instruction, List<InstructionForm> forms, CpuFeatures cpu, Diagnostics diagnostics) {
        // The form that asks for least, and of those one that need not be forced.
        List<String> missing = forms.stream()
                .min(Comparator.<InstructionForm>comparingInt(
                                form -> cpu.missing(form.cpu()).size())
                        .thenComparing(InstructionForm::isAlternative))
                .map(form -> cpu.missing(form.cpu()))
                .orElseThrow();
        String features = String.join("+", missing);
        Optional<CpuLevel> level = CpuLevel.with(missing);
        diagnostics.report(
                DiagnosticCode.MISSING_FEATURE,
                instruction.span(),
                "'" + instruction.mnemonic() + "' needs " + String.join(" and ", missing) + ", and cpu = \"" + cpu
                        + "\" does not promise " + (missing.size() == 1 ? "it" : "them") + "; "
                        + level.map(one -> one + " has " + (missing.size() == 1 ? "it" : "them"))
                                .orElse("no level has " + (missing.size() == 1 ? "it" : "all of them")),
                "raise cpu to \"" + cpu + "+" + features + "\""
                        + level.map(one -> " or \"" + one + "\"").orElse("") + ", or offer an alternative:"
                        + " @Stencil(cpu = \"" + features + "\", value = …) before one that needs less");
    }
}
