package dev.intaglio.runtime.cpu;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.intaglio.runtime.memory.CodePage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/** The CPU of this process, asked with a few bytes of code. */
public final class HostCpu {
    /** {@code void cpuid(int leaf, int subleaf, int[4] results)}; rbx is the caller's. */
    private static final String CPUID = """
            53
            89 f8
            89 f1
            49 89 d0
            0f a2
            41 89 00
            41 89 58 04
            41 89 48 08
            41 89 50 0c
            5b
            c3
            """;

    /** {@code long xgetbv()}: edx:eax of XCR0. */
    private static final String XGETBV = """
            31 c9
            0f 01 d0
            48 c1 e2 20
            48 09 d0
            c3
            """;

    private static final int XGETBV_OFFSET = 64;

    private HostCpu() {}

    /** The features that a process on this machine can use. */
    public static Set<String> features() {
        return byCode().orElseGet(HostCpu::byKernel);
    }

    /** The features as CPUID tells; empty where no code can be run. */
    static Optional<Set<String>> byCode() {
        if (!System.getProperty("os.name").equals("Linux")
                || !System.getProperty("os.arch").equals("amd64")) {
            return Optional.empty();
        }
        byte[] cpuid = bytes(CPUID);
        byte[] xgetbv = bytes(XGETBV);
        byte[] code = Arrays.copyOf(cpuid, XGETBV_OFFSET + xgetbv.length);
        System.arraycopy(xgetbv, 0, code, XGETBV_OFFSET, xgetbv.length);
        Optional<CodePage> page;
        try {
            page = CodePage.of(code);
        } catch (LinkageError noJna) {
            return Optional.empty();
        }
        if (page.isEmpty()) {
            return Optional.empty();
        }
        try (CodePage open = page.get();
                Memory results = new Memory(4 * Integer.BYTES)) {
            Function cpuidFunction = Function.getFunction(new Pointer(open.address()));
            Function xgetbvFunction = Function.getFunction(new Pointer(open.address() + XGETBV_OFFSET));
            return Optional.of(Cpuid.features(new Cpuid.Instruction() {
                @Override
                public int[] cpuid(int leaf, int subleaf) {
                    cpuidFunction.invokeVoid(new Object[] {leaf, subleaf, results});
                    return results.getIntArray(0, 4);
                }

                @Override
                public long xcr0() {
                    return xgetbvFunction.invokeLong(new Object[0]);
                }
            }));
        }
    }

    /** The features as the kernel tells; those of every x86-64 CPU where it tells nothing. */
    static Set<String> byKernel() {
        try {
            return ProcCpuinfo.features(Path.of("/proc/cpuinfo"));
        } catch (IOException unknown) {
            return CpuLevels.features("x86-64");
        }
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }
}
