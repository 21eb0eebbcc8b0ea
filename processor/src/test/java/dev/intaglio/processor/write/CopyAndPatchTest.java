package dev.intaglio.processor.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.intaglio.processor.layout.Strategy;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.EmissionException;
import dev.intaglio.runtime.Label;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a copy-and-patch compiler would emit: every field as wide as any value needs. */
class CopyAndPatchTest {
    private static final long LARGE = 0x1234_5678L;
    private static final List<String> LINES = List.of(
            "mov rax, [rbx + x]",
            "mov [r13 + x], rax",
            "lea rsi, [rsp + rdi*8 + x]",
            "add rcx, x",
            "cmp dword [rbx + x], x",
            "mov Rq(r), [Rq(r) + x]",
            "imul rax, rbx, x",
            "vaddpd zmm1, zmm2, [rax + x]",
            "push x");

    private static String emitted(CompiledEmitter compiled, String stencil, Object... arguments) {
        CodeBuffer buffer = CodeBuffer.detached(0x7000_0000_0000L);
        compiled.on(buffer).emit(stencil, arguments);
        return Images.hex(buffer.image().code());
    }

    private static CompiledEmitter compiled(List<String> lines) {
        CompiledEmitter.Builder builder = CompiledEmitter.of("Templates").strategy(Strategy.COPY_AND_PATCH);
        for (int i = 0; i < lines.size(); i++) {
            builder.stencil("s" + i + "(long x, int r, Label there)", "| " + lines.get(i) + "\n");
        }
        return builder.compile();
    }

    @Test
    void fieldsAreAsWideForSmallValuesAsForLargeOnes() {
        CompiledEmitter compiled = compiled(LINES);
        for (int i = 0; i < LINES.size(); i++) {
            String large = emitted(compiled, "s" + i, LARGE, 2, new Label());
            assertThat(large)
                    .as(LINES.get(i))
                    .isEqualTo(Images.assembled(
                            LINES.get(i).replace("Rq(r)", "rdx").replaceAll("\\bx\\b", Long.toString(LARGE))));
            String small = emitted(compiled, "s" + i, 1L, 2, new Label());
            assertThat(small).as(LINES.get(i)).isEqualTo(large.replace("78 56 34 12", "01 00 00 00"));
        }
    }

    @Test
    void constantsTakeTenBytesInAnyRegister() {
        CompiledEmitter compiled = compiled(List.of("mov r9, x", "mov Rq(r), x"));
        assertThat(emitted(compiled, "s0", 0L, 0, new Label())).isEqualTo("49 B9 00 00 00 00 00 00 00 00");
        assertThat(emitted(compiled, "s1", -2L, 5, new Label())).isEqualTo("48 BD FE FF FF FF FF FF FF FF");
        assertThat(emitted(compiled, "s1", -2L, 12, new Label())).isEqualTo("49 BC FE FF FF FF FF FF FF FF");
        assertThatThrownBy(() -> emitted(compiled, "s1", 0L, 16, new Label())).isInstanceOf(EmissionException.class);
    }

    @Test
    void branchesAreLongAndCallsGoThroughMemory() {
        CompiledEmitter compiled = CompiledEmitter.of("Branches")
                .strategy(Strategy.COPY_AND_PATCH)
                .stencil("back(Label top)", "|=>top:\n| jz =>top\n| jmp =>top\n")
                .stencil("local()", "|1:\n| jz <1\n| jmp <1\n")
                .stencil("far(long address)", "| call address\n| jmp address\n| jz address\n")
                .compile();
        assertThat(emitted(compiled, "back", new Label())).isEqualTo("0F 84 FA FF FF FF E9 F5 FF FF FF");
        assertThat(emitted(compiled, "local")).isEqualTo("0F 84 FA FF FF FF E9 F5 FF FF FF");
        String far = emitted(compiled, "far", 0x7000_0001_0000L);
        assertThat(far).matches("FF 15 .. .. .. .. FF 25 .. .. .. .. 75 06 FF 25 .. .. .. ..");
    }
}
