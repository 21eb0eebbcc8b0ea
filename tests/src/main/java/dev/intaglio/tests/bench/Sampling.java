package dev.intaglio.tests.bench;

import java.util.List;
import picocli.CommandLine.Option;

/** How long a benchmark measures. */
final class Sampling {
    @Option(
            names = "--samples",
            defaultValue = "15",
            converter = Count.class,
            description = "Samples a figure (default: ${DEFAULT-VALUE}).")
    private int samples;

    @Option(
            names = "--millis",
            defaultValue = "30",
            converter = Count.class,
            description = "Least time of a sample (default: ${DEFAULT-VALUE}).")
    private int millis;

    /** Runs {@code step} after each sample. */
    Stopwatch watch(Runnable step) {
        return new Stopwatch(samples, millis, step);
    }

    /** The samples of one of several rounds. */
    Sampling part(int rounds) {
        Sampling part = new Sampling();
        part.samples = Math.max(1, samples / rounds);
        part.millis = millis;
        return part;
    }

    int samples() {
        return samples;
    }

    /** For another process that measures as long. */
    List<String> arguments() {
        return List.of("--samples=" + samples, "--millis=" + millis);
    }

    long millis() {
        return millis;
    }
}
