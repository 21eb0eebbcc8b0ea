package dev.intaglio.runtime.cpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Reads features from {@code /proc/cpuinfo}, where the kernel lists them under its own names and leaves out those whose state
 * it does not save.
 */
final class ProcCpuinfo {
    private static final Map<String, String> KERNEL_NAMES = Map.ofEntries(
            Map.entry("x87", "fpu"),
            Map.entry("clfsh", "clflush"),
            Map.entry("sse3", "pni"),
            Map.entry("sse4.1", "sse4_1"),
            Map.entry("sse4.2", "sse4_2"),
            Map.entry("lahf", "lahf_lm"),
            Map.entry("lzcnt", "abm"),
            Map.entry("prefetchw", "3dnowprefetch"),
            Map.entry("sha", "sha_ni"),
            Map.entry("cet_ss", "user_shstk"),
            Map.entry("monitorx", "mwaitx"),
            Map.entry("sgx", "sgx"),
            Map.entry("ptwrite", "ptwrite"));

    private ProcCpuinfo() {}

    static Set<String> features(Path file) throws IOException {
        Set<String> flags = new LinkedHashSet<>();
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("flags")) {
                flags.addAll(Arrays.asList(
                        line.substring(line.indexOf(':') + 1).strip().split("\\s+")));
                break;
            }
        }
        Set<String> features = new LinkedHashSet<>();
        for (String feature : Features.names()) {
            if (flags.contains(KERNEL_NAMES.getOrDefault(feature, feature.replace('-', '_')))) {
                features.add(feature);
            }
        }
        return features;
    }
}
