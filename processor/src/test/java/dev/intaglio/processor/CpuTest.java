package dev.intaglio.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import org.junit.jupiter.api.Test;

/** What {@code cpu} allows and refuses. */
class CpuTest {
    private static final String HEAD = "package p;\nimport dev.intaglio.dsl.*;\nimport dev.intaglio.runtime.*;\n";

    private static String stencil(String cpu, String line) {
        return HEAD + "@Stencils(cpu = \"" + cpu + "\")\ninterface X {\n    @Stencil(\"\"\"\n        | nop\n        | "
                + ProcessorRun.MARKER + line + "\n        \"\"\")\n    void a();\n}\n";
    }

    @Test
    void anInstructionBeyondTheLevelIsRefusedWhereItStands() {
        ProcessorRun run = ProcessorRun.javac(stencil("x86-64-v2", "pdep rax, rbx, rcx"));
        Diagnostic<?> only = run.only();
        assertThat(only.getLineNumber() + ":" + only.getColumnNumber()).isEqualTo(run.markedPlace());
        assertThat(ProcessorRun.text(only)).isEqualTo("""
                [asm/missing-feature] 'pdep' needs bmi2, and cpu = "x86-64-v2" does not promise it; x86-64-v3 has it
                help: raise cpu to "x86-64-v2+bmi2" or "x86-64-v3", or offer an alternative: @Stencil(cpu = "bmi2", value = …) \
                before one that needs less""");
    }

    @Test
    void aFeatureThatNoLevelHasIsNamedAsSuch() {
        assertThat(ProcessorRun.javac(stencil("x86-64-v4", "vaddph xmm1, xmm2, xmm3"))
                        .errors())
                .singleElement()
                .asString()
                .contains("needs avx512_fp16, and cpu = \"x86-64-v4\" does not promise it; no level has it")
                .contains("raise cpu to \"x86-64-v4+avx512_fp16\", or offer");
    }

    @Test
    void levelsAndFeaturesAllowWhatTheyHaveAndImply() {
        for (String[] allowed : new String[][] {
            {"x86-64", "addsd xmm0, xmm1"},
            {"x86-64", "cmpxchg8b [rdi]"},
            {"x86-64-v2", "popcnt eax, ecx"},
            {"x86-64-v2", "cmpxchg16b [rdi]"},
            {"x86-64-v2+popcnt+bmi2", "pdep rax, rbx, rcx"},
            {"x86-64-v3", "vfmadd213sd xmm1, xmm2, xmm3"},
            {"x86-64-v3", "tzcnt eax, ecx"},
            {"x86-64-v4", "vaddps zmm1{k1}{z}, zmm2, [rax]{1to16}"},
            {"avx2", "pshufb xmm0, xmm1"},
            {"any", "vaddph xmm1, xmm2, xmm3"},
        }) {
            assertThat(ProcessorRun.javac(stencil(allowed[0], allowed[1])).errors())
                    .as(allowed[0] + ": " + allowed[1])
                    .isEmpty();
        }
        for (String[] refused : new String[][] {
            {"x86-64", "popcnt eax, ecx"},
            {"x86-64-v2", "tzcnt eax, ecx"},
            {"x86-64-v2", "vaddps xmm1, xmm2, xmm3"},
            {"x86-64-v3", "vaddps xmm17, xmm2, xmm3"},
            {"avx2", "pdep rax, rbx, rcx"},
        }) {
            assertThat(ProcessorRun.javac(stencil(refused[0], refused[1])).errors())
                    .as(refused[0] + ": " + refused[1])
                    .singleElement()
                    .asString()
                    .startsWith("[asm/missing-feature]");
        }
    }

    @Test
    void theFormThatTheCpuHasIsTaken() {
        assertThat(ProcessorRun.javac(stencil("x86-64-v3+avx-vnni", "vpdpbusd xmm1, xmm2, xmm3"))
                        .generated()
                        .get("p.XEmitter"))
                .contains("0xCB5069E2C4")
                .doesNotContain("62");
    }

    @Test
    void theOptionHoldsForInterfacesThatSayNothing() {
        String silent = stencil("", "pdep rax, rbx, rcx");
        assertThat(ProcessorRun.javac(silent).errors()).isEmpty();
        assertThat(ProcessorRun.javac(List.of("-Aintaglio.cpu=x86-64-v2"), silent)
                        .errors())
                .singleElement()
                .asString()
                .contains("needs bmi2");
        assertThat(ProcessorRun.javac(List.of("-Aintaglio.cpu=x86-64-v2"), stencil("x86-64-v3", "pdep rax, rbx, rcx"))
                        .errors())
                .isEmpty();
        assertThat(ProcessorRun.javac(List.of("-Aintaglio.cpu=any"), silent).errors())
                .isEmpty();
        assertThat(ProcessorRun.javac(List.of("-Aintaglio.cpu=x86-64-v5"), silent)
                        .errors())
                .singleElement()
                .asString()
                .startsWith("-Aintaglio.cpu=x86-64-v5: 'x86-64-v5' is neither a level nor a feature");
    }

    @Test
    void aWordThatIsNoFeatureIsAnErrorAtTheAnnotation() {
        ProcessorRun run = ProcessorRun.javac(HEAD + "@Stencils(cpu = " + ProcessorRun.MARKER
                + "\"bmi3\")\ninterface X {\n    @Stencil(\"| nop\") void a();\n}\n");
        Diagnostic<?> only = run.only();
        assertThat(only.getLineNumber() + ":" + only.getColumnNumber()).isEqualTo(run.markedPlace());
        assertThat(only.getMessage(Locale.ROOT))
                .contains("[asm/bad-stencil] cpu = \"bmi3\": 'bmi3' is neither a level nor a feature")
                .contains("did you mean bmi1?");
    }

    private static List<String> errors(String cpu, String stencils) {
        return ProcessorRun.javac(HEAD + "@Stencils(cpu = \"" + cpu + "\")\ninterface X {\n" + stencils + "\n}\n")
                .errors();
    }

    @Test
    void aLastTextThatNotEveryCpuCanRunIsAnError() {
        assertThat(errors("x86-64-v2", "@Stencil(cpu = \"bmi2\", value = \"| pdep rax, rbx, rcx\") void a();"))
                .singleElement()
                .asString()
                .contains("for \"bmi2\" is the last, and the interface counts on \"x86-64-v2\" only")
                .contains("write a last @Stencil without cpu");
        assertThat(errors("x86-64-v3", "@Stencil(cpu = \"bmi2\", value = \"| pdep rax, rbx, rcx\") void a();"))
                .isEmpty();
    }

    @Test
    void textsThatAreNeverTakenAreErrors() {
        assertThat(errors(
                        "", "@Stencil(\"| nop\") @Stencil(cpu = \"bmi2\", value = \"| pdep rax, rbx, rcx\") void a();"))
                .singleElement()
                .asString()
                .contains("the text of stencil a has no cpu, so that it is always taken");
        assertThat(errors(
                        "x86-64-v3",
                        "@Stencil(cpu = \"bmi2\", value = \"| pdep rax, rbx, rcx\") @Stencil(\"| nop\") void a();"))
                .singleElement()
                .asString()
                .contains("for \"bmi2\" is always taken: the interface counts on \"x86-64-v3\"");
        assertThat(errors(
                        "",
                        "@Stencil(cpu = \"avx\", value = \"| nop\") @Stencil(cpu = \"avx2+sha\", value = \"| nop\")"
                                + " @Stencil(\"| nop\") void a();"))
                .singleElement()
                .asString()
                .contains("for \"avx2+sha\" is never taken: that for \"avx\" stands before it");
    }

    @Test
    void anAlternativeMayUseWhatItNamesAndNoMore() {
        ProcessorRun run = ProcessorRun.javac(HEAD + """
                @Stencils(cpu = "x86-64-v2")
                interface X {
                    @Stencil(cpu = "bmi2", value = \"""
                        | pdep rax, rbx, rcx
                        | «vaddps ymm1, ymm2, ymm3
                        \""")
                    @Stencil("| popcnt eax, eax")
                    void a();
                }
                """);
        Diagnostic<?> only = run.only();
        assertThat(only.getLineNumber() + ":" + only.getColumnNumber()).isEqualTo(run.markedPlace());
        assertThat(only.getMessage(Locale.ROOT))
                .contains("'vaddps' needs avx, and cpu = \"x86-64-v2+bmi2\" does not promise it");
    }

    @Test
    void mistakesInEachAlternativeStandAtTheirPlaces() {
        ProcessorRun run = ProcessorRun.javac(HEAD + """
                @Stencils
                interface X {
                    @Stencil(cpu = "bmi2", value = \"""
                        | mov rax, on
                        \""")
                    @Stencil(cpu = "sha", value = {
                        "| nop",
                        "| mov rax, tw"})
                    @Stencil("| mov rax, three")
                    void a(int one, int two, int thre);
                }
                """);
        assertThat(run.diagnostics().stream().map(message -> message.getLineNumber() + ":" + message.getColumnNumber()))
                .containsExactly("7:20", "11:21", "12:26");
    }
}
