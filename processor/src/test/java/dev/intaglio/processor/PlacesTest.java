package dev.intaglio.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Javac points at the very char of a stencil's text that is wrong. */
class PlacesTest {
    private static final String HEAD = """
            package p;
            import dev.intaglio.dsl.*;
            import dev.intaglio.runtime.*;
            @Stencils
            interface X {
            """;

    private static void pointsAtMarker(String source, String code) {
        ProcessorRun run = ProcessorRun.javac(source);
        var message = run.only();
        assertThat(message.getPosition()).as("%s", message).isEqualTo(run.marked());
        assertThat(message.getMessage(Locale.ROOT)).startsWith("[" + code + "] ");
        assertThat(message.getSource().getName()).endsWith("X.java");
        if (!source.contains("\t")) { // javac counts columns with tabs of 8
            assertThat(message.getLineNumber() + ":" + message.getColumnNumber())
                    .isEqualTo(run.markedPlace());
        }
    }

    private static String stencil(String annotation) {
        return HEAD + annotation + " void a(int n, Label out);\n}\n";
    }

    @Test
    void aMistakeInAnIndentedTextBlockIsShownAtItsColumn() {
        pointsAtMarker(stencil("""
                    @Stencil(\"""
                            | mov rax, rcx
                            |   «bogus rax, 1
                            | ret
                            \""")
                """), "asm/unknown-mnemonic");
    }

    @Test
    void aMistakeInAnOperandIsShownAtTheOperand() {
        pointsAtMarker(stencil("""
                    @Stencil(\"""
                        | mov rax, [rbx + «unknown*8]
                        \""")
                """), "asm/unknown-name");
    }

    @Test
    void theFirstAndTheLastLineAreFound() {
        pointsAtMarker(stencil("@Stencil(\"\"\"\n  | «bogus\n  \"\"\")"), "asm/unknown-mnemonic");
        pointsAtMarker(stencil("@Stencil(\"\"\"\n  | nop\n  | «bogus\"\"\")"), "asm/unknown-mnemonic");
    }

    @Test
    void aClosingDelimiterFurtherLeftLeavesAnIndent() {
        pointsAtMarker(
                stencil("@Stencil(\"\"\"\n        | nop\n          | «bogus\n    \"\"\")"), "asm/unknown-mnemonic");
    }

    @Test
    void escapesBeforeAMistakeShiftNothing() {
        pointsAtMarker(stencil("""
                    @Stencil(\"""
                        \\u007c nop\\s // \\"\\t\\101\\7\\\\ \\'
                        |\\tnop\\n|«bogus
                        \""")
                """).replace("\\u007c", "|"), "asm/unknown-mnemonic");
    }

    @Test
    void aLineThatGoesOnBehindABackslashIsOneLine() {
        pointsAtMarker(stencil("""
                    @Stencil(\"""
                        | mov rax, \\
                          [rbx + \\
                           «unknown]
                        | nop
                        \""")
                """), "asm/unknown-name");
    }

    @Test
    void tabsInTheIndentAndInTheLineAreOneChar() {
        pointsAtMarker(
                stencil("\t@Stencil(\"\"\"\n\t\t\t|\tnop\t// x\n\t\t\t|\t«bogus\trax\n\t\t\t\"\"\")"),
                "asm/unknown-mnemonic");
    }

    @Test
    void filesWithCarriageReturnsAreReadLikeOthers() {
        String source = stencil("@Stencil(\"\"\"\n   | nop\n     | nop\n\n   | «bogus rax\n   | ret\n   \"\"\")");
        pointsAtMarker(source.replace("\n", "\r\n"), "asm/unknown-mnemonic");
        ProcessorRun old = ProcessorRun.javac(source.replace("\n", "\r"));
        assertThat(old.only().getPosition()).isEqualTo(old.marked());
    }

    @Test
    void oneStringALineIsFoundInItsString() {
        pointsAtMarker(
                stencil("@Stencil({\"| nop\", \"| nop // \\\\\", \"|  «bogus\", \"| ret\"})"), "asm/unknown-mnemonic");
    }

    @Test
    void aPlainStringWithLineBreaksIsFound() {
        pointsAtMarker(stencil("@Stencil(value = \"| nop\\n| «bogus\\n\")"), "asm/unknown-mnemonic");
    }

    @Test
    void unicodeEscapesBeforeAMistakeShiftNothing() {
        pointsAtMarker(
                stencil("@Stencil(\"\"\"\n  \\u007c nop\n  \\uuu007c «bogus\n  \"\"\")"), "asm/unknown-mnemonic");
    }

    @Test
    void javaThatIsNoStatementIsShownInTheStencil() {
        for (String wrong : List.of(
                "for (int i = 0; i < «) {\n    | nop\n    }",
                "if (n > 0) {\n    | nop\n    «else\n    | ret",
                "    int x = «1\n    | nop\n    x++;",
                "mov rax, «1",
                "| nop\n    «}\n    | ret")) {
            String source = stencil("@Stencil(\"\"\"\n    " + wrong + "\n    \"\"\")");
            ProcessorRun run = ProcessorRun.javac(source);
            assertThat(run.only().getMessage(Locale.ROOT)).as(source).startsWith("[asm/bad-java] ");
            assertThat(run.only().getPosition()).as("%s", run.only()).isEqualTo(run.marked());
        }
    }

    @Test
    void javaOfEveryShapeIsTaken() {
        ProcessorRun run = ProcessorRun.javac(stencil("""
                @Stencil(\"""
                    if (n > 3)
                    | nop
                    | ret
                    else
                    | ret
                    switch (n) {
                        case 1 ->
                    | nop
                        default -> {
                    | ret
                        }
                    }
                    var s = switch (n) { case 1 -> "a"; default -> "b}"; }; // }
                    for (char c : s.toCharArray()) { /* { */
                    | mov eax, c
                    }
                    do {
                        n--;
                    |1: dec eax
                    | jnz <1
                    } while (n > 0);
                    Runnable later = () -> { };
                    later.run();
                    \""")
                """));
        assertThat(run.diagnostics()).isEmpty();
    }

    @Test
    void aJoinedConstantIsShownWithItsExcerpt() {
        ProcessorRun run = ProcessorRun.javac(HEAD + """
                    String HEAD = "| nop\\n";
                    @Stencil(HEAD + "|  bogus rax")
                    void a();
                }
                """);
        assertThat(run.only().getLineNumber()).isEqualTo(7);
        assertThat(ProcessorRun.text(run.only()).lines().toList())
                .startsWith(
                        "X.java: line 2, column 4 of stencil a: [asm/unknown-mnemonic] there is no instruction 'bogus'",
                        "    |  bogus rax",
                        "       ^");
    }

    @Test
    void allMistakesAreReportedEachOnce() {
        ProcessorRun run = ProcessorRun.javac(HEAD + """
                    @Stencil(\"""
                        | bogus
                        | mov rax, unknown
                        | add rax, 0x1122334455667788
                        | jmp >7
                        | nop
                        \""")
                    void a();
                    @Stencil(\"""
                        | mov rax, [rbx + rcx*3]
                        \""")
                    void b();
                    @Stencil("| ret") int c();
                }
                """);
        assertThat(run.diagnostics())
                .extracting(message -> message.getLineNumber() + " "
                        + message.getMessage(Locale.ROOT).replaceAll("(?s)\\].*", "]"))
                .containsExactlyInAnyOrder(
                        "7 [asm/unknown-mnemonic]",
                        "8 [asm/unknown-name]",
                        "9 [asm/out-of-range]",
                        "10 [asm/undefined-label]",
                        "15 [asm/bad-address]",
                        "18 [asm/bad-stencil]");
        assertThat(run.generated()).isEmpty();
    }

    @Test
    void behindTwentyMistakesTheRestIsCounted() {
        StringBuilder lines = new StringBuilder();
        IntStream.range(0, 25).forEach(i -> lines.append("  | bogus").append(i).append(" rax\n"));
        ProcessorRun run = ProcessorRun.javac(stencil("@Stencil(\"\"\"\n" + lines + "  \"\"\")"));
        List<String> errors = run.errors();
        assertThat(errors).hasSize(21);
        assertThat(errors.get(20)).isEqualTo("and 5 more in this stencil");
    }

    @Test
    void anInheritedStencilsMistakeIsReportedOnce() {
        ProcessorRun run = ProcessorRun.javac(HEAD + """
                    @Stencil("| bogus") void a();
                }
                @Stencils
                interface Y extends X {
                    @Stencil("| nop") void b();
                }
                """);
        assertThat(run.errors()).hasSize(1);
    }
}
