package dev.intaglio.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.runtime.Cpu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuidTest {
    /** A CPU in which the given bits of leaves are set: {@code leaf, subleaf, register, value}. */
    private static Cpuid.Instruction cpu(long xcr0, long... rows) {
        Map<Long, int[]> leaves = new HashMap<>();
        for (int i = 0; i < rows.length; i += 4) {
            int[] registers = leaves.computeIfAbsent(rows[i] << 8 | rows[i + 1], unused -> new int[4]);
            registers[(int) rows[i + 2]] = (int) rows[i + 3];
        }
        return new Cpuid.Instruction() {
            @Override
            public int[] cpuid(int leaf, int subleaf) {
                return leaves.getOrDefault(Integer.toUnsignedLong(leaf) << 8 | subleaf, new int[4]);
            }

            @Override
            public long xcr0() {
                return xcr0;
            }
        };
    }

    private static final long OSXSAVE = 1L << 27;
    private static final long AVX = 1L << 28;
    private static final long AVX512F_AND_BMI2 = 1L << 16 | 1L << 8;

    private static final Pattern VECTORS = Pattern.compile("avx.*|fma|f16c|xsave.*|osxsave");

    @Test
    void vectorsCountOnlyWhereTheSystemSavesThem() {
        long[] all = {0, 0, 0, 7, 1, 0, 2, OSXSAVE | AVX, 7, 0, 1, AVX512F_AND_BMI2};
        assertThat(Cpuid.features(cpu(0xE7, all))).contains("avx", "avx512f", "bmi2", "xsave");
        assertThat(Cpuid.features(cpu(0x7, all))).contains("avx", "bmi2").doesNotContain("avx512f");
        assertThat(Cpuid.features(cpu(0x3, all))).contains("bmi2").doesNotContain("avx", "avx512f");
    }

    @Test
    void withoutXsaveSwitchedOnThereIsNoAvx() {
        long[] noXsave = {0, 0, 0, 7, 1, 0, 2, AVX, 7, 0, 1, AVX512F_AND_BMI2};
        assertThat(Cpuid.features(cpu(0xE7, noXsave))).containsExactly("bmi2");
    }

    @Test
    void leavesBeyondTheLastAreNotBelieved() {
        assertThat(Cpuid.features(cpu(0xE7, 0, 0, 0, 1, 7, 0, 1, AVX512F_AND_BMI2)))
                .isEmpty();
        long avxVnni = 1L << 4;
        long[] subleaves = {0, 0, 0, 7, 1, 0, 2, OSXSAVE, 7, 1, 0, avxVnni};
        assertThat(Cpuid.features(cpu(0xE7, subleaves))).doesNotContain("avx-vnni");
        long[] more = {0, 0, 0, 7, 1, 0, 2, OSXSAVE, 7, 1, 0, avxVnni, 7, 0, 0, 1};
        assertThat(Cpuid.features(cpu(0xE7, more))).contains("avx-vnni");
        assertThat(Cpuid.features(cpu(0, 0x8000_0000L, 0, 0, 0x8000_0001L, 0x8000_0001L, 0, 2, 1L << 5)))
                .containsExactly("lzcnt");
    }

    /**
     * Where state must be saved they agree. A hypervisor may hide other features from the kernel that the processor has, and tells a program
     * that asks it.
     */
    @Test
    void theCodeAgreesWithTheKernelOnAllThatLevelsHave() {
        Optional<Set<String>> byCode = HostCpu.byCode();
        Assumptions.assumeTrue(byCode.isPresent() && Files.isReadable(Path.of("/proc/cpuinfo")));
        Set<String> byKernel = HostCpu.byKernel();
        for (String feature : CpuLevels.features("x86-64-v4")) {
            if (byKernel.contains(feature) || VECTORS.matcher(feature).matches()) {
                assertThat(byCode.get().contains(feature)).as(feature).isEqualTo(byKernel.contains(feature));
            }
        }
        assertThat(Cpu.host().features()).isEqualTo(byCode.get());
        assertThat(Cpu.host().has("x86-64")).isTrue();
    }

    @Test
    void theKernelsNamesAreUnderstood(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("cpuinfo"),
                "processor\t: 0\nflags\t\t: fpu pni sse4_1 abm sha_ni avx_vnni avx512_vbmi2 unheard_of\n\nflags\t: vmx\n");
        assertThat(ProcCpuinfo.features(file))
                .containsExactlyInAnyOrder("x87", "sse3", "sse4.1", "lzcnt", "sha", "avx-vnni", "avx512_vbmi2");
    }
}
