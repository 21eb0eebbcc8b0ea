package dev.intaglio.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.annotation.processing.SupportedOptions;
import javax.tools.Diagnostic;
import org.junit.jupiter.api.Test;

class OptionsTest {
    private static final String SOURCE = """
            package p;
            import dev.intaglio.dsl.*;
            @Stencils
            interface X {
                @Stencil(\"""
                    | «mov eax, 0
                    |.if DEBUG
                    | int3
                    |.endif
                    | ret
                    \""")
                void a();
            }
            """;

    private static String emitter(String... options) {
        ProcessorRun run = ProcessorRun.javac(List.of(options), SOURCE);
        assertThat(run.errors()).isEmpty();
        return run.generated().get("p.XEmitter");
    }

    @Test
    void rulesCanBeSwitchedOff() {
        assertThat(emitter()).contains("xor eax, eax");
        assertThat(emitter("-Aintaglio.rules=none")).contains("mov eax, 0").doesNotContain("xor");
        assertThat(emitter("-Aintaglio.rules=-zero-idiom"))
                .contains("mov eax, 0")
                .doesNotContain("xor");
        assertThat(emitter("-Aintaglio.rules=all")).contains("xor eax, eax");
    }

    @Test
    void anEmitterIsWrittenForEachStrategy() {
        ProcessorRun both = ProcessorRun.javac(List.of("-Aintaglio.strategy=optimized,copy-and-patch"), SOURCE);
        assertThat(both.errors()).isEmpty();
        assertThat(both.generated().keySet()).containsExactlyInAnyOrder("p.XEmitter", "p.XCopyAndPatchEmitter");
        assertThat(both.generated().get("p.XEmitter")).contains("xor eax, eax");
        assertThat(both.generated().get("p.XCopyAndPatchEmitter")).contains("mov eax, 0");
        assertThat(emitter("-Aintaglio.strategy=copy-and-patch")).contains("mov eax, 0");
        assertThat(ProcessorRun.javac(List.of("-Aintaglio.strategy=fast"), SOURCE)
                        .errors())
                .singleElement()
                .asString()
                .contains("'fast' is none; there are [optimized, unoptimized, copy-and-patch]");
    }

    @Test
    void explainTellsEachRewriteAtItsPlace() {
        ProcessorRun run = ProcessorRun.javac(List.of("-Aintaglio.explain"), SOURCE);
        var note = run.diagnostics().stream()
                .filter(message -> message.getKind() == Diagnostic.Kind.NOTE)
                .findFirst()
                .orElseThrow();
        assertThat(note.getMessage(Locale.ROOT)).startsWith("rule zero-idiom").contains("xor eax, eax");
        assertThat(note.getLineNumber()).isEqualTo(6);
        assertThat(ProcessorRun.javac(List.of("-Aintaglio.explain=false"), SOURCE)
                        .diagnostics())
                .isEmpty();
    }

    @Test
    void definesFeedConditionals() {
        assertThat(emitter("-Aintaglio.define=DEBUG=1")).contains("int3");
        assertThat(emitter("-Aintaglio.define=A=2, DEBUG = true")).contains("int3");
        assertThat(emitter("-Aintaglio.define=DEBUG")).contains("int3");
        assertThat(emitter("-Aintaglio.define=DEBUG=0")).doesNotContain("int3");
        assertThat(emitter("-Aintaglio.define")).doesNotContain("int3");
        assertThat(emitter()).doesNotContain("int3");
    }

    @Test
    void anOptionThatCannotBeReadIsOneError() {
        for (String option : List.of("rules=zero-idiom", "rules=-zero-idim", "define==3", "define=1=2")) {
            ProcessorRun run = ProcessorRun.javac(
                    List.of("-Aintaglio." + option), SOURCE, SOURCE.replace("interface X", "interface Y"));
            assertThat(run.errors())
                    .singleElement()
                    .asString()
                    .startsWith("-Aintaglio." + option + ": ")
                    .doesNotContain("internal");
        }
    }

    @Test
    void timingTellsHowLongTheStagesTook() {
        ProcessorRun run = ProcessorRun.javac(List.of("-Aintaglio.timing"), SOURCE);
        assertThat(run.messages(Diagnostic.Kind.NOTE))
                .singleElement()
                .asString()
                .matches("intaglio: 1 stencil of 1 interface: collect \\d+ ms, parse \\d+ ms, optimize \\d+ ms,"
                        + " encode \\d+ ms, write \\d+ ms, \\d+ ms in all");
        assertThat(ProcessorRun.javac(SOURCE).messages(Diagnostic.Kind.NOTE)).isEmpty();
    }

    @Test
    void allOptionsAreDeclared() {
        assertThat(StencilProcessor.class.getAnnotation(SupportedOptions.class).value())
                .containsExactlyInAnyOrderElementsOf(Set.of(
                        "intaglio.define",
                        "intaglio.rules",
                        "intaglio.cpu",
                        "intaglio.strategy",
                        "intaglio.split",
                        "intaglio.explain",
                        "intaglio.timing"));
    }
}
