package dev.intaglio.tests.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./intaglio bench}: measurements that anybody can repeat. */
@Command(
        name = "bench",
        subcommands = {
            EmissionBench.class,
            CallsBench.class,
            CommitBench.class,
            CompileBench.class,
            PythonBench.class,
            ProcessorBench.class,
            JmhBench.class
        },
        description = "Measures Intaglio beside its alternatives.")
public final class Bench {
    @Mixin
    private Help help = new Help();

    private Bench() {}

    public static void main(String[] arguments) {
        System.exit(commands().execute(arguments));
    }

    static CommandLine commands() {
        return new CommandLine(new Bench());
    }
}
