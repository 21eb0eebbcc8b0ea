package dev.intaglio.peephole;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** Which of the table's features this processor has, as Linux tells it. */
record CpuFlags(Set<String> names) {
    static final Path SOURCE = Path.of("/proc/cpuinfo");

    /** The table's names of features that Linux calls otherwise. */
    private static final Map<String, String> LINUX_NAMES = Map.ofEntries(
            Map.entry("x87", "fpu"),
            Map.entry("clfsh", "clflush"),
            Map.entry("sse3", "pni"),
            Map.entry("sse4.1", "sse4_1"),
            Map.entry("sse4.2", "sse4_2"),
            Map.entry("lzcnt", "abm"),
            Map.entry("lahf", "lahf_lm"),
            Map.entry("rao-int", "raoint"),
            Map.entry("sha", "sha_ni"),
            Map.entry("avx-vnni", "avx_vnni"),
            Map.entry("avx-vnni-int8", "avx_vnni_int8"),
            Map.entry("avx-vnni-int16", "avx_vnni_int16"),
            Map.entry("avx-ifma", "avx_ifma"),
            Map.entry("avx-ne-convert", "avx_ne_convert"),
            Map.entry("prefetchw", "3dnowprefetch"));

    static CpuFlags read() throws IOException {
        return new CpuFlags(Files.readAllLines(SOURCE).stream()
                .filter(line -> line.startsWith("flags"))
                .findFirst()
                .map(line -> Set.of(line.split("\\s+")))
                .orElse(Set.of()));
    }

    /** Whether it has all features of a form, which are joined by a plus. */
    boolean has(String cpu) {
        for (String feature : cpu.isEmpty() ? new String[0] : cpu.split("\\+")) {
            if (!names.contains(LINUX_NAMES.getOrDefault(feature, feature))) {
                return false;
            }
        }
        return true;
    }
}
