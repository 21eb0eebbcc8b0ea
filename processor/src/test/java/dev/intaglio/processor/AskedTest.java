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
    void positionsStandWhereTheyHold() {
        String stencil = """
                package p;
                import dev.intaglio.dsl.*;
                import dev.intaglio.runtime.Label;
                @Stencils
                interface X {
                    @Stencil(\"""
                %s\""")
                    void a(long ip, Label exit);
                }
                """;
        for (String[] wrong : new String[][] {
            {"| nop\n| .position [rbx], ip", "before a stencil's instructions"},
            {"|.cold\n|=>exit:\n| .observe", "not known behind a label that others jump to"},
            {"|.data\n| .observe", "nobody runs .data"},
            {"|.cold\n| .position", ".position has no meaning here"},
            {"| .position [rbx + rcx], ip", "a 64-bit register and a displacement"},
            {"| .position [rbx]", ".position takes a slot and a value"},
            {"| .observe eax", "a 64-bit register that it may change"}
        }) {
            assertThat(ProcessorRun.javac(stencil.formatted(wrong[0].indent(8))).errors())
                    .as(wrong[0])
                    .singleElement()
                    .asString()
                    .contains("[asm/bad-directive]", wrong[1]);
        }
        assertThat(ProcessorRun.javac(
                                stencil.formatted("|.cold\n|=>exit:\n| .position [rbx], ip\n| .observe\n".indent(8)))
                        .errors())
                .isEmpty();
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
        String asWritten = stencil.replace("@Stencil(", "@Stencil(memoryAsWritten = true, value = ");
        assertThat(ProcessorRun.javac(asWritten.formatted("true")).generated().get("p.XEmitter"))
                .contains("known.forget(", "known.carry(")
                .doesNotContain("known.holder(");
    }
}
