package dev.intaglio.runtime.cpu;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Reads features from CPUID and XGETBV. */
final class Cpuid {
    private static final int OSXSAVE = 1 << 27;

    /** The instruction: eax, ebx, ecx and edx for a leaf and a subleaf. */
    interface Instruction {
        int[] cpuid(int leaf, int subleaf);

        /** The register XCR0, which XGETBV reads where the system has switched XSAVE on. */
        long xcr0();
    }

    private Cpuid() {}

    static Set<String> features(Instruction cpu) {
        boolean savesState = (cpu.cpuid(1, 0)[2] & OSXSAVE) != 0;
        long enabled = savesState ? cpu.xcr0() : 0;
        Set<String> features = new LinkedHashSet<>();
        for (Map.Entry<String, Features.Bit> feature : Features.bits().entrySet()) {
            Features.Bit bit = feature.getValue();
            if (hasLeaf(cpu, bit)
                    && (cpu.cpuid(bit.leaf(), bit.subleaf())[bit.register()] >>> bit.bit() & 1) != 0
                    && bit.state().isSaved(enabled)) {
                features.add(feature.getKey());
            }
        }
        return features;
    }

    /** A leaf beyond the last gives the values of another one, and so does a subleaf on older CPUs. */
    private static boolean hasLeaf(Cpuid.Instruction cpu, Features.Bit bit) {
        int first = bit.leaf() & 0xffff_0000;
        boolean exists = Integer.compareUnsigned(cpu.cpuid(first, 0)[0], bit.leaf()) >= 0
                && (first == 0 || (cpu.cpuid(first, 0)[0] & 0xffff_0000) == first);
        return exists && (bit.leaf() != 7 || bit.subleaf() <= cpu.cpuid(7, 0)[0]);
    }
}
