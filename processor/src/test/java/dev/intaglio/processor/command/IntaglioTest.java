package dev.intaglio.processor.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class IntaglioTest {
    @Test
    void eachCommandOffersHelpAndNoVersionThatThereIsNot() {
        CommandLine commands = new CommandLine(Intaglio.class);
        assertThat(help(commands, "--help")).startsWith("Usage: intaglio").doesNotContain("--version");
        assertThat(commands.getSubcommands()).hasSize(4);
        for (String name : commands.getSubcommands().keySet()) {
            assertThat(help(commands, name, "--help"))
                    .startsWith("Usage: intaglio " + name)
                    .contains("-h, --help")
                    .doesNotContain("--version");
        }
    }

    private static String help(CommandLine commands, String... arguments) {
        StringWriter text = new StringWriter();
        commands.setOut(new PrintWriter(text));
        assertThat(commands.execute(arguments)).isZero();
        return text.toString();
    }
}
