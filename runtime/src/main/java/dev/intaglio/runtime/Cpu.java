package dev.intaglio.runtime;

import dev.intaglio.runtime.cpu.CpuLevels;
import dev.intaglio.runtime.cpu.Features;
import dev.intaglio.runtime.cpu.HostCpu;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The features of a CPU, by the names that {@code @Stencils(cpu = …)} takes: levels of the System V ABI, and single features as
 * the instruction reference names them. Immutable.
 */
public final class Cpu {
    private static final class Host {
        private static final Cpu CPU = new Cpu(HostCpu.features());
    }

    private final Set<String> features;

    private Cpu(Set<String> features) {
        this.features = Set.copyOf(features);
    }

    /**
     * {@return the CPU that this process runs on, as CPUID tells (where no code can be run, as {@code /proc/cpuinfo} tells)} AVX and
     * AVX-512 are there only if the system saves their registers.
     */
    public static Cpu host() {
        return Host.CPU;
    }

    /**
     * {@return a CPU that has levels and features joined by a plus, such as {@code "x86-64-v2+bmi2"}, and nothing else}
     *
     * @param text a level or features, joined by a plus
     * @throws IllegalArgumentException where a word is neither a level nor a feature
     */
    public static Cpu of(String text) {
        return new Cpu(features(text));
    }

    /**
     * {@return whether it has all of the levels and features joined by a plus; the empty text asks for nothing}
     *
     * @param text a level or features, joined by a plus
     * @throws IllegalArgumentException where a word is neither a level nor a feature
     */
    public boolean has(String text) {
        return missing(text).isEmpty();
    }

    /**
     * {@return the features among those asked for that it lacks, in order}
     *
     * @param text a level or features, joined by a plus
     * @throws IllegalArgumentException where a word is neither a level nor a feature
     */
    public List<String> missing(String text) {
        List<String> missing = new ArrayList<>();
        for (String feature : features(text)) {
            if (!features.contains(feature)) {
                missing.add(feature);
            }
        }
        return missing;
    }

    /** {@return all of its features} */
    public Set<String> features() {
        return features;
    }

    /** {@return the highest level of the System V ABI that it has} */
    public String level() {
        return CpuLevels.highest(features);
    }

    private static Set<String> features(String text) {
        Set<String> features = new LinkedHashSet<>();
        for (String part : text.isBlank() ? new String[0] : text.split("\\+", -1)) {
            String word = part.strip();
            if (CpuLevels.isLevel(word)) {
                features.addAll(CpuLevels.features(word));
            } else if (Features.names().contains(word)) {
                features.add(word);
            } else {
                throw new IllegalArgumentException("'" + word + "' in cpu \"" + text
                        + "\" is neither a level (x86-64 to x86-64-v4) nor a feature; the features are "
                        + String.join(" ", new TreeSet<>(Features.names())));
            }
        }
        return features;
    }

    /** {@code x86-64-v3+adx+aes+…}. */
    @Override
    public String toString() {
        Set<String> beyond = new TreeSet<>(features);
        beyond.removeAll(CpuLevels.features(level()));
        return level() + (beyond.isEmpty() ? "" : "+" + String.join("+", beyond));
    }
}
