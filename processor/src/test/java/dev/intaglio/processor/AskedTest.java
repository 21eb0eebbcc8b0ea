package dev.intaglio.processor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What {@code @Stencils} asks for reaches the stencils of the interface. */
class AskedTest {
    @Test
    void oneFrameForAll() {
        ProcessorRun run = ProcessorRun.javac("""
                package p;
                import dev.intaglio.dsl.*;
                @Stencils(frame = true)
                interface X {
                    @Stencil(\"""
                        | push rbp
                        | sub rsp, 32
                        | mov [rsp + 8], rax
                        | add rsp, 32
                        | pop rbp
                        | ret
                        \""")
                    void a();
                }
                """);
        assertThat(run.errors()).isEmpty();
        assertThat(run.generated().get("p.XEmitter"))
                .contains("needFrame(32, ", "leaveFrame(code, ")
                .contains("// | .leave")
                .doesNotContain("| push rbp");
    }

    @Test
    void knowledgeThatIsCarried() {
        String stencil = """
                package p;
                import dev.intaglio.dsl.*;
                @Stencils(carry = %s)
                interface X {
                    @Stencil("| mov rax, [rbx + slot]")
                    void a(int slot);
                }
                """;
        ProcessorRun run = ProcessorRun.javac(stencil.formatted("true"));
        assertThat(run.errors()).isEmpty();
        assertThat(run.generated().get("p.XEmitter")).contains("known.holder(0, 3, ");
        assertThat(ProcessorRun.javac(stencil.formatted("false")).generated().get("p.XEmitter"))
                .doesNotContain("known.");
    }
}
