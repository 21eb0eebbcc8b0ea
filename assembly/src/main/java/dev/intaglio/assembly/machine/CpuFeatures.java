package dev.intaglio.assembly.machine;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a CPU is known to have.
 *
 * @param text as its author wrote it
 * @param isAny whether nothing is asked: every instruction is allowed
 * @param names the features, with all that they imply
 */
public record CpuFeatures(String text, boolean isAny, Set<String> names) {
    /** Every instruction. */
    public static final CpuFeatures ANY = new CpuFeatures("any", true, Set.of());

    /** What every x86-64 CPU has. */
    public static final CpuFeatures BASELINE = new CpuFeatures(CpuLevel.V1.id(), false, CpuLevel.V1.features());

    /** Features that no CPU has without others (Intel's manual, volume 1, chapters 14 and 15; AMD's likewise). */
    private static final Map<String, List<String>> IMPLIED = Map.ofEntries(
            Map.entry("sse3", List.of("sse2")),
            Map.entry("ssse3", List.of("sse3")),
            Map.entry("sse4.1", List.of("ssse3")),
            Map.entry("sse4.2", List.of("sse4.1")),
            Map.entry("sse4a", List.of("sse3")),
            Map.entry("avx", List.of("sse4.2", "xsave")),
            Map.entry("avx2", List.of("avx")),
            Map.entry("fma", List.of("avx")),
            Map.entry("f16c", List.of("avx")),
            Map.entry("vaes", List.of("avx2", "aes")),
            Map.entry("vpclmulqdq", List.of("avx2", "pclmulqdq")),
            Map.entry("avx-vnni", List.of("avx2")),
            Map.entry("avx-vnni-int8", List.of("avx2")),
            Map.entry("avx-vnni-int16", List.of("avx2")),
            Map.entry("avx-ifma", List.of("avx2")),
            Map.entry("avx-ne-convert", List.of("avx2")),
            Map.entry("sha512", List.of("avx2")),
            Map.entry("sm3", List.of("avx")),
            Map.entry("sm4", List.of("avx2")),
            Map.entry("avx512f", List.of("avx2", "fma", "f16c")),
            Map.entry("avx512bw", List.of("avx512f")),
            Map.entry("avx512cd", List.of("avx512f")),
            Map.entry("avx512dq", List.of("avx512f")),
            Map.entry("avx512vl", List.of("avx512f")),
            Map.entry("avx512er", List.of("avx512f")),
            Map.entry("avx512ifma", List.of("avx512f")),
            Map.entry("avx512vbmi", List.of("avx512bw")),
            Map.entry("avx512_vbmi2", List.of("avx512bw")),
            Map.entry("avx512_vnni", List.of("avx512f")),
            Map.entry("avx512_bitalg", List.of("avx512bw")),
            Map.entry("avx512_vpopcntdq", List.of("avx512f")),
            Map.entry("avx512_vp2intersect", List.of("avx512f")),
            Map.entry("avx512_bf16", List.of("avx512bw")),
            Map.entry("avx512_fp16", List.of("avx512bw")),
            Map.entry("xsaveopt", List.of("xsave")),
            Map.entry("xsavec", List.of("xsave")),
            Map.entry("xsaves", List.of("xsave")),
            Map.entry("aeskle", List.of("kl")),
            Map.entry("widekl", List.of("aeskle")));

    public CpuFeatures {
        names = Set.copyOf(names);
    }

    /**
     * Reads levels and features joined by a plus; {@code any} stands alone.
     *
     * @param known the features that there are
     * @throws IllegalArgumentException where a word is neither a level nor a feature; the message names it
     */
    public static CpuFeatures parse(String text, Set<String> known) {
        if (text.strip().equals(ANY.text)) {
            return ANY;
        }
        Set<String> names = new LinkedHashSet<>();
        for (String part : text.split("\\+", -1)) {
            String word = part.strip();
            if (CpuLevel.of(word).isPresent()) {
                names.addAll(CpuLevel.of(word).get().features());
            } else if (known.contains(word)) {
                add(word, names);
            } else {
                throw new IllegalArgumentException(word);
            }
        }
        return new CpuFeatures(text.strip(), false, names);
    }

    private static void add(String feature, Set<String> names) {
        if (names.add(feature)) {
            IMPLIED.getOrDefault(feature, List.of()).forEach(implied -> add(implied, names));
        }
    }

    /** These and others: what an alternative may use. */
    public CpuFeatures plus(CpuFeatures others) {
        Set<String> all = new LinkedHashSet<>(names);
        all.addAll(others.names);
        return new CpuFeatures(isAny ? others.text : text + "+" + others.text, isAny || others.isAny, all);
    }

    /** Whether all of these are there; {@link #ANY} has no features of its own and promises none. */
    public boolean promises(CpuFeatures others) {
        return !isAny && names.containsAll(others.names);
    }

    /** The features that a form of the table asks for, joined by a plus, and that are not there. */
    public List<String> missing(String requirement) {
        if (isAny || requirement.isEmpty()) {
            return List.of();
        }
        List<String> missing = new ArrayList<>();
        for (String feature : requirement.split("\\+")) {
            if (!names.contains(feature)) {
                missing.add(feature);
            }
        }
        return missing;
    }

    /** As its author wrote it. */
    @Override
    public String toString() {
        return text;
    }
}
