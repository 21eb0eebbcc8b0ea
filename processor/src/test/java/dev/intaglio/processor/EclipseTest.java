package dev.intaglio.processor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Under Eclipse's compiler the same sources give the same emitters, and messages carry their places themselves. */
class EclipseTest {
    private static final String HEAD = """
            package p;
            import dev.intaglio.dsl.*;
            import dev.intaglio.runtime.*;
            """;

    @Test
    void aMistakeIsTellingWithItsExcerpt() {
        ProcessorRun run = ProcessorRun.eclipse(HEAD + """
                @Stencils
                interface X {
                    @Stencil(\"""
                        | nop
                        |   add rax, 0x1122334455667788
                        \""")
                    void a();
                }
                """);
        assertThat(run.errors()).hasSize(1);
        assertThat(run.errors().get(0).lines().toList())
                .startsWith(
                        "X.java: line 2, column 14 of stencil a: [asm/out-of-range] 'add' cannot take"
                                + " 1234605616436508552 here: its field holds -2147483648 to 2147483647",
                        "    |   add rax, 0x1122334455667788",
                        "                 ^")
                .anyMatch(line -> line.startsWith("help: "));
        assertThat(run.generated()).isEmpty();
        assertThat(run.succeeded()).isFalse();
    }

    @Test
    void everyMistakeIsReported() {
        ProcessorRun run = ProcessorRun.eclipse(HEAD + """
                @Stencils
                interface X {
                    @Stencil({"| bogus", "| mov rax, unknown", "| jmp >1"}) void a();
                    @Stencil("| nop") int b();
                    @Stencil("| nop") void c(String s);
                }
                """);
        assertThat(run.errors())
                .hasSize(5)
                .anyMatch(error -> error.contains("line 1, column 3 of stencil a: [asm/unknown-mnemonic]"))
                .anyMatch(error -> error.contains("line 2, column 12 of stencil a: [asm/unknown-name]"))
                .anyMatch(error -> error.contains("line 3, column 7 of stencil a: [asm/undefined-label]"))
                .anyMatch(error -> error.contains("[asm/bad-stencil] stencil b returns"))
                .anyMatch(error -> error.contains("java.lang.String"));
    }

    @Test
    void theEmitterIsThatOfJavac() {
        String source = HEAD + """
                class Outer {
                    static final int SLOT = 8;
                    static int around(int n) { return n; }
                    @Stencils
                    interface X extends Base {
                        @Stencil(\"""
                            | mov rax, [rbx + n*8 + SLOT]
                            | mov ecx, around(n)
                            | jmp =>out
                            \""")
                        void a(int n, Label out);
                    }
                    interface Base {
                        int N = 3;
                        @Stencil("| mov eax, N") void b();
                    }
                }
                """;
        ProcessorRun eclipse = ProcessorRun.eclipse(source);
        assertThat(eclipse.errors()).isEmpty();
        assertThat(withoutPlaces(eclipse)).isEqualTo(withoutPlaces(ProcessorRun.javac(source)));
    }

    /** Lines of the file are known under javac only, and a class is compiled from the file's name. */
    private static String withoutPlaces(ProcessorRun run) {
        return run.generated().get("p.Outer_XEmitter").replaceAll("StencilLine\\(\\d+", "StencilLine(");
    }
}
