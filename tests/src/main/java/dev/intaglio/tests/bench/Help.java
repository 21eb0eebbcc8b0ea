package dev.intaglio.tests.bench;

import picocli.CommandLine.Option;

/** The option that tells the others. Picocli's own set has one for a version, too, which a measurement does not have. */
final class Help {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    private boolean asked;
}
