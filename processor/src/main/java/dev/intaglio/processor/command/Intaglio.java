package dev.intaglio.processor.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The commands that need the assembler only. */
@Command(
        name = "intaglio",
        subcommands = {AssembleCommand.class, ListCommand.class, OptimizeCommand.class, ReportCommand.class},
        description = "x86-64 assembly stencils in Java source.")
public final class Intaglio {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help message and exit.")
    private boolean help;

    private Intaglio() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Intaglio()).execute(arguments));
    }
}
