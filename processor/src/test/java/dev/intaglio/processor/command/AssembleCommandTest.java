package dev.intaglio.processor.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AssembleCommandTest {
    /** The exit status, then what is printed. */
    private static String run(String input) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
        boolean right = AssembleCommand.assemble(new BufferedReader(new StringReader(input)), out);
        return (right ? 0 : 1) + "\n" + bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void eachLineIsAnsweredByItsBytes() throws IOException {
        assertThat(run("mov rax, rbx\n| ret\r\n  NOP // nothing\nmov eax, 1; ret"))
                .isEqualTo("0\n4889d8\nc3\n90\nb801000000c3\n");
    }

    @Test
    void blankLinesGiveBlankLines() throws IOException {
        assertThat(run("\nret\n \t\n")).isEqualTo("0\n\nc3\n\n");
        assertThat(run("")).isEqualTo("0\n");
    }

    @Test
    void aMistakeIsOneLineAndOthersGoOn() throws IOException {
        assertThat(run("nop\nbogus rax\nmovzx rax, ecx\nret\n").lines())
                .hasSize(5)
                .startsWith("1", "90", "error: [asm/unknown-mnemonic] there is no instruction 'bogus'")
                .endsWith("c3")
                .anyMatch(line -> line.startsWith("error: [asm/no-such-form] "));
    }

    @Test
    void whatNeedsAStencilIsAnError() throws IOException {
        for (String line : new String[] {
            "1: nop", ".byte 3", "jmp >1", "mov rax, value", "call ->f", ".code", "=>x:", ".macro m", "Rq(1)", "|", "||"
        }) {
            assertThat(run(line + "\nnop\n").lines())
                    .as(line)
                    .hasSize(3)
                    .satisfies(lines -> assertThat(lines.get(2)).isEqualTo("90"))
                    .satisfies(lines -> assertThat(lines.get(1)).matches("error: \\[asm/[a-z-]+] .+|"));
        }
        assertThat(run("mov rax, value")).startsWith("1\nerror: [asm/unknown-");
    }

    @Test
    void whoWaitsForAnAnswerGetsIt() throws Exception {
        PipedWriter question = new PipedWriter();
        BufferedReader in = new BufferedReader(new PipedReader(question));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out =
                new PrintStream(new java.io.BufferedOutputStream(bytes, 1 << 16), false, StandardCharsets.UTF_8);
        Thread assembler = new Thread(() -> {
            try {
                AssembleCommand.assemble(in, out);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        assembler.start();
        question.write("ret\n");
        question.flush();
        for (int i = 0; bytes.size() == 0 && i < 500; i++) {
            Thread.sleep(10);
        }
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("c3\n");
        question.close();
        assembler.join();
    }
}
