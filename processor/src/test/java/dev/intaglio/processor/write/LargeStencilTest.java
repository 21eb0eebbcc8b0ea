package dev.intaglio.processor.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.EmissionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Stencils of unusual size compile, or say why they cannot. */
class LargeStencilTest {
    private static String lines(int count, String format) {
        return IntStream.range(0, count).mapToObj(i -> format.formatted(i)).collect(Collectors.joining("\n", "", "\n"));
    }

    @Test
    void moreValuesThanAMethodTakesArgumentsAreCheckedInGroups() {
        CompiledEmitter compiled = CompiledEmitter.of("Many")
                .stencil("many(int a, long v)", lines(125, "| mov [rbx + a*8 + %d], rax"))
                .compile();
        CodeBuffer buffer = CodeBuffer.detached(0x7000_0000_0000L);
        compiled.on(buffer).emit("many", 1000, 0L);
        String expected = IntStream.range(0, 125)
                .mapToObj(i -> Images.assembled("mov [rbx + " + (8000 + i) + "], rax"))
                .collect(Collectors.joining(" "));
        assertThat(Images.hex(buffer.image().code())).isEqualTo(expected);
        assertThatThrownBy(() -> compiled.on(buffer).emit("many", Integer.MAX_VALUE, 0L))
                .isInstanceOf(EmissionException.class)
                .hasMessageContaining("17179869176");
        assertThat(buffer.size()).isZero();
    }

    @Test
    void aStencilThatHotSpotWouldNotCompileIsAWarning() {
        assertThat(CompiledEmitter.of("Slow")
                        .stencil("slow(int a, long v)", lines(300, "| mov [rbx + a*8 + %d], rax"))
                        .problems())
                .singleElement()
                .asString()
                .startsWith("[asm/large-stencil] the method that emits 'slow' has about ")
                .contains("HotSpot compiles none above 8000", "help: split the stencil");
    }

    @Test
    void aStencilThatNoClassFileHoldsIsAnError() {
        assertThat(CompiledEmitter.of("Huge")
                        .stencil("huge(int a, long v)", lines(2000, "| mov [rbx + a*8 + %d], rax"))
                        .problems())
                .singleElement()
                .asString()
                .startsWith("[asm/too-large] the method that emits 'huge' has about ")
                .contains("more than a class file can hold", "help: split the stencil");
    }

    @Test
    void aWarningDoesNotMakeAStencilWrong() {
        Diagnostics diagnostics = new Diagnostics();
        diagnostics.report(
                dev.intaglio.assembly.diagnostic.DiagnosticCode.LARGE_STENCIL,
                new dev.intaglio.assembly.diagnostic.Span(0, 0),
                "large");
        assertThat(diagnostics.hasErrors()).isFalse();
        assertThat(diagnostics.all()).hasSize(1);
    }
}
