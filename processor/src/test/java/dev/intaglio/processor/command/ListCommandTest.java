package dev.intaglio.processor.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import picocli.CommandLine;

@Isolated
class ListCommandTest {
    private static final String SOURCE = """
            package p.q;
            import dev.intaglio.dsl.*;
            import dev.intaglio.runtime.*;
            @Stencils
            public interface X extends Layout {
                @Stencil(\"""
                    | mov rax, [rbx + n*SLOT]
                    | mov ecx, 0
                    |1:
                    | dec rax
                    | jnz <1
                    |.cold
                    | call target
                    \""")
                void a(int n, long target);

                @Stencil(\"""
                    for (int i = 0; i < n; i++) {
                    | nop
                    }
                    |.if WIDE
                    | int3
                    |.endif
                    \""")
                void b(int n);
            }
            """;

    @TempDir
    private Path root;

    private record Outcome(int status, String out, String err) {}

    private Outcome list(String source, String... options) throws IOException {
        Path folder = Files.createDirectories(root.resolve("p/q"));
        Files.writeString(folder.resolve("Layout.java"), "package p.q; interface Layout { int SLOT = 8; }");
        Path file = Files.writeString(folder.resolve("X.java"), source);
        List<String> arguments = new java.util.ArrayList<>(List.of("list", file.toString()));
        arguments.addAll(1, List.of(options));
        return run(arguments);
    }

    private static Outcome run(List<String> arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
            int status = new CommandLine(Intaglio.class).execute(arguments.toArray(String[]::new));
            return new Outcome(
                    status, outBytes.toString(StandardCharsets.UTF_8), errBytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    @Test
    void linesBytesSizesAndRulesAreShown() throws IOException {
        Outcome outcome = list(SOURCE);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.status()).isZero();
        assertThat(outcome.out().replaceAll(" +", " ")).isEqualTo("""
                X.a(n, target)
                 | mov rax, [rbx + n*8] (48 8B 03 | 48 8B 43 {n*8:1} | 48 8B 83 {n*8:4})
                 | xor ecx, ecx 31 C9
                 | 1:
                 | dec rax 48 FF C8
                 | jnz <1 {<1: 2 bytes}
                 | .cold
                 | call target {target: 5 to 8 bytes}
                 size of .code: 10 to 14 bytes
                 size of .cold: 5 to 8 bytes
                 rule zero-idiom: mov ecx, 0 => xor ecx, ecx

                X.b(n)
                 for (int i = 0; i < n; i++) {
                 | nop 90
                 }
                 size of .code: 1 byte, each line counted once
                """);
    }

    @Test
    void rulesAndDefinesAreTaken() throws IOException {
        assertThat(list(SOURCE, "--rules=none", "--define=WIDE=1").out())
                .contains("mov ecx, 0", "int3")
                .doesNotContain("zero-idiom");
        assertThat(list(SOURCE, "--rules=-zero-idiom").out()).contains("mov ecx, 0");
        assertThat(list(SOURCE, "--rules=zero"))
                .returns(2, Outcome::status)
                .returns("", Outcome::out)
                .satisfies(outcome -> assertThat(outcome.err()).contains("-Aintaglio.rules=zero: "));
    }

    @Test
    void mistakesAreShownAsTheCompilerWould() throws IOException {
        Outcome outcome = list(SOURCE.replace("dec rax", "dex rax").replace("| nop", "| nop nop"));
        assertThat(outcome.status()).isOne();
        assertThat(outcome.err())
                .contains("X.java:10: error: [asm/unknown-mnemonic] there is no instruction 'dex'")
                .contains("        | dex rax\n          ^\n")
                .contains("X.java:19: error: [asm/");
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void whatOnlyTheLayoutFindsIsAMistakeToo() throws IOException {
        Outcome outcome = list(SOURCE.replace("| dec rax", "|.align 512").replace("jnz", "loop"));
        assertThat(outcome.status()).isOne();
        assertThat(outcome.err()).containsOnlyOnce("[asm/out-of-reach]");
    }

    @Test
    void aFileThatIsNoJavaOrHasNoStencilsIsAnError() throws IOException {
        assertThat(list("class X { int"))
                .returns(1, Outcome::status)
                .satisfies(outcome -> assertThat(outcome.err()).contains("X.java:1: error: reached end of file"));
        assertThat(list("class X {}"))
                .returns(1, Outcome::status)
                .satisfies(outcome -> assertThat(outcome.err()).contains("has no interface marked @Stencils"));
        assertThat(run(List.of("list", root.resolve("none.java").toString())))
                .returns(1, Outcome::status)
                .satisfies(outcome -> assertThat(outcome.err()).contains("cannot read"));
    }
}
