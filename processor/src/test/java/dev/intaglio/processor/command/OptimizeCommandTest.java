package dev.intaglio.processor.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import picocli.CommandLine;

@Isolated
class OptimizeCommandTest {
    @TempDir
    private Path folder;

    private record Outcome(int status, String out, String err) {}

    private Outcome optimize(String text, String... options) throws IOException {
        Path file = Files.writeString(folder.resolve("stencil.txt"), text);
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of(options));
        arguments.add(file.toString());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream stdout = System.out;
        PrintStream stderr = System.err;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            int status = new CommandLine(new OptimizeCommand()).execute(arguments.toArray(String[]::new));
            return new Outcome(
                    status,
                    out.toString(StandardCharsets.UTF_8),
                    err.toString(StandardCharsets.UTF_8).replace(folder + "/", ""));
        } finally {
            System.setOut(stdout);
            System.setErr(stderr);
        }
    }

    @Test
    void linesAreOptimizedForWhatTheHeadSays() throws IOException {
        String lines = "| mov ecx, 0\n| mov rax, [rdi + oparg*8]\n| add rdx, rax\n";
        String parameters = "# params: int oparg\n";
        assertThat(optimize(parameters + "# out: rcx, rdx\n" + lines).out())
                .isEqualTo("| xor ecx, ecx\n| add rdx, [rdi + oparg*8]\n");
        assertThat(optimize(parameters + "# out: rdx rax rcx\n# flags: live\n" + lines)
                        .out())
                .contains("| mov rax, [rdi + oparg*8]\n| add rdx, rax\n");
        assertThat(optimize("# flags: live\n| mov ecx, 0\n").out()).isEqualTo("| mov ecx, 0\n");
        assertThat(optimize("# flags: dead\n| mov ecx, 0\n").out()).isEqualTo("| xor ecx, ecx\n");
    }

    @Test
    void whatIsPrintedCanBeReadAgain() throws IOException {
        String text = "|1:\n| jnz <1\n|.cold\n|2:\n| mov eax, [rbx + 8]\n| jmp <1\nif (flag) {\n| nop\n}\n";
        assertThat(optimize("# params: boolean flag\n" + text, "--rules=none").out())
                .isEqualTo(text);
    }

    @Test
    void eachRewriteIsExplainedAndCounted() throws IOException {
        assertThat(optimize("| mov ecx, 0\n", "--explain", "--stats").out()).isEqualTo("""
                | xor ecx, ecx
                rule zero-idiom
                  | mov ecx, 0
                =>
                  | xor ecx, ecx
                before: 1 instructions, 2 bytes
                after:  1 instructions, 2 bytes
                rule zero-idiom: 1
                """);
        assertThat(optimize("| mov ecx, 0\n", "--rules=-zero-idiom").out()).isEqualTo("| mov ecx, 0\n");
    }

    @Test
    void mistakesStandAtTheirLineAndColumn() throws IOException {
        Outcome outcome = optimize("# a comment: of no meaning\n| nop\n| mov eax, bar\n");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .startsWith("stencil.txt:3:12: error: [asm/unknown-name] 'bar'")
                .contains("""
                    | mov eax, bar
                               ^
                """);
        assertThat(optimize("| movx eax, 1\n").err()).startsWith("stencil.txt:1:3: error: [asm/unknown-mnemonic]");
    }

    @Test
    void aContractThatTheLinesBreakIsAWarning() throws IOException {
        Outcome outcome = optimize("# in: rdi\n| mov rax, rdi\n| add rax, rsi\n");
        assertThat(outcome.status()).isZero();
        assertThat(outcome.out()).contains("| lea rax, [rdi + rsi]");
        assertThat(outcome.err()).startsWith("stencil.txt:3:3: warning: [asm/broken-contract] the stencil reads rsi");
    }

    @Test
    void aHeadThatCannotBeReadIsRefused() throws IOException {
        assertThat(optimize("# params: String s\n").err()).contains("stencil.txt:1: error: 'String' is no type");
        assertThat(optimize("# params: int\n").err()).contains("expected a type and a name, found 'int'");
        assertThat(optimize("# params: int rax\n").err()).contains("could be the register");
        assertThat(optimize("\n# out: k1\n").err()).contains("stencil.txt:2: error: 'k1' is no general");
        assertThat(optimize("# flags: maybe\n").err()).contains("flags are live or dead, not 'maybe'");
        assertThat(optimize("| nop\n", "--rules=-none-such").status()).isEqualTo(2);
    }
}
