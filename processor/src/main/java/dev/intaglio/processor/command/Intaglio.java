package dev.intaglio.processor.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands that need the assembler only. */
@Command(
        name = "intaglio",
        mixinStandardHelpOptions = true,
        subcommands = {AssembleCommand.class, ListCommand.class, OptimizeCommand.class, ReportCommand.class},
        description = "x86-64 assembly stencils in Java source.")
public final class Intaglio {
    private Intaglio() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Intaglio()).execute(arguments));
    }
}
