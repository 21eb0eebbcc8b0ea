package dev.intaglio.assembly.machine;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The levels of the System V ABI for AMD64 (3.1.1), with their features by the names of the instruction table. */
public enum CpuLevel {
    V1("x86-64", "x87", "fxsr", "mmx", "sse", "sse2"),
    V2("x86-64-v2", "cx16", "lahf", "popcnt", "sse3", "ssse3", "sse4.1", "sse4.2"),
    V3("x86-64-v3", "avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "lzcnt", "movbe", "xsave"),
    V4("x86-64-v4", "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl");

    private final String id;
    private final List<String> added;

    CpuLevel(String id, String... added) {
        this.id = id;
        this.added = List.of(added);
    }

    /** {@code x86-64-v3}. */
    public String id() {
        return id;
    }

    /** What the level has, with what the levels below it have. */
    public Set<String> features() {
        Set<String> features = new LinkedHashSet<>();
        for (CpuLevel level : values()) {
            if (level.ordinal() <= ordinal()) {
                features.addAll(level.added);
            }
        }
        return features;
    }

    /** The level of this name. */
    public static Optional<CpuLevel> of(String id) {
        for (CpuLevel level : values()) {
            if (level.id.equals(id)) {
                return Optional.of(level);
            }
        }
        return Optional.empty();
    }

    /** The lowest level that has all of these features. */
    public static Optional<CpuLevel> with(Iterable<String> wanted) {
        for (CpuLevel level : values()) {
            Set<String> features = level.features();
            boolean hasAll = true;
            for (String feature : wanted) {
                hasAll &= features.contains(feature);
            }
            if (hasAll) {
                return Optional.of(level);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return id;
    }
}
