package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class CpuTest {
    @Test
    void levelsHaveWhatTheLevelsBelowThemHave() {
        Cpu cpu = Cpu.of("x86-64-v3+aes");
        assertThat(cpu.level()).isEqualTo("x86-64-v3");
        assertThat(cpu.has("x86-64-v2+popcnt+bmi2")).isTrue();
        assertThat(cpu.has("")).isTrue();
        assertThat(cpu.missing("x86-64-v4+sha+aes"))
                .containsExactly("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl", "sha");
        assertThat(cpu).hasToString("x86-64-v3+aes");
        assertThat(Cpu.of("sse2")).hasToString("x86-64");
    }

    @Test
    void aWordThatIsNoFeatureIsNamed() {
        assertThatThrownBy(() -> Cpu.of("x86-64-v2+bmi3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'bmi3' in cpu \"x86-64-v2+bmi3\" is neither a level")
                .hasMessageContaining("bmi2");
    }

    @Test
    void aBufferIsForTheCpuItWasMadeFor() {
        Cpu small = Cpu.of("x86-64-v2");
        assertThat(CodeBuffer.detached(0x1000, small).cpu()).isSameAs(small);
        assertThat(CodeBuffer.detached(0x1000).cpu()).isSameAs(Cpu.host());
    }

    @Test
    void aCacheTakesNoCpuThatHasMoreThanThisOne() {
        Assumptions.assumeTrue(CodeCache.isSupported() && !Cpu.host().has("3dnow"));
        assertThatThrownBy(() -> CodeCache.options().cpu(Cpu.of("x86-64+3dnow")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("this CPU lacks 3dnow");
        try (CodeCache cache =
                CodeCache.options().size(1 << 16).cpu(Cpu.of("x86-64")).create()) {
            assertThat(cache.newBuffer().cpu()).isEqualTo(cache.cpu());
            assertThat(cache.describe()).containsPattern("(?m)^cpu +x86-64$");
        }
    }
}
