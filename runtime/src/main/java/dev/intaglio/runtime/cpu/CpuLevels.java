package dev.intaglio.runtime.cpu;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The levels of the System V ABI for AMD64 (3.1.1): each has what those below it have. */
public final class CpuLevels {
    private static final Map<String, Set<String>> LEVELS = new LinkedHashMap<>();

    static {
        add("x86-64", "x87", "fxsr", "mmx", "sse", "sse2");
        add("x86-64-v2", "cx16", "lahf", "popcnt", "sse3", "ssse3", "sse4.1", "sse4.2");
        add("x86-64-v3", "avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "lzcnt", "movbe", "xsave");
        add("x86-64-v4", "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl");
    }

    private CpuLevels() {}

    private static void add(String level, String... added) {
        Set<String> features = new LinkedHashSet<>();
        LEVELS.values().forEach(features::addAll);
        features.addAll(List.of(added));
        LEVELS.put(level, features);
    }

    /** Whether this is the name of a level. */
    public static boolean isLevel(String name) {
        return LEVELS.containsKey(name);
    }

    /** The features of a level. */
    public static Set<String> features(String level) {
        return LEVELS.get(level);
    }

    /** The highest level whose features are all there; the lowest if none is. */
    public static String highest(Collection<String> features) {
        String highest = "x86-64";
        for (Map.Entry<String, Set<String>> level : LEVELS.entrySet()) {
            if (features.containsAll(level.getValue())) {
                highest = level.getKey();
            }
        }
        return highest;
    }
}
