package dev.intaglio.tests.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** What a benchmark could not do in the end is refused before it measures. */
class OptionsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"emission", "calls", "commit", "compile", "python", "processor"})
    void aFolderThatIsMissingIsToldAtOnceWithTheRemedy(String command) {
        Path absent = folder.resolve("absent");
        for (String option : new String[] {"--json", "--chart"}) {
            refuses(command, option + "=" + absent.resolve("figures.svg"))
                    .hasMessageContaining("'" + option + "'")
                    .hasMessageContaining("there is no folder " + absent + "; make it first: mkdir -p " + absent);
        }
    }

    @Test
    void aFolderIsNoFileToWrite() {
        refuses("calls", "--json=" + folder)
                .hasMessageContaining("'--json'")
                .hasMessageContaining(folder + " is a folder; name a file in it");
    }

    @Test
    void aChartIsSvgOrPng() {
        refuses("calls", "--chart=calls.pdf")
                .hasMessageContaining("'--chart'")
                .hasMessageContaining("calls.pdf ends neither in .svg nor in .png");
    }

    @Test
    void whatCanBeWrittenIsTaken() throws Exception {
        Files.createFile(folder.resolve("old.json"));
        for (String file : List.of("--json=" + folder.resolve("old.json"), "--json=new.json", "--chart=new.png")) {
            assertThat(Bench.commands().parseArgs("calls", file).subcommand()).isNotNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "calls, --samples, 0",
        "calls, --millis, -1",
        "commit, --samples, few",
        "compile, --samples, 0",
        "emission, --samples, -3",
        "emission, --rounds, 0",
        "python, --runs, 0",
        "processor, --runs, 0",
        "processor, --stencils, 0"
    })
    void aCountIsOneOrMore(String command, String option, String value) {
        refuses(command, option + "=" + value)
                .hasMessageContaining(option)
                .hasMessageContaining("'" + value + "' is not a whole number from 1 on");
    }

    @Test
    void helpIsOfferedAndNoVersionThatThereIsNot() {
        CommandLine commands = Bench.commands();
        assertThat(commands.parseArgs("--help").isUsageHelpRequested()).isTrue();
        commands.getSubcommands().forEach((name, command) -> {
            boolean isJmhs = name.equals("jmh"); // whose options are its own
            assertThat(command.getCommandSpec().optionsMap().keySet())
                    .as(name)
                    .doesNotContain("-V", "--version")
                    .satisfies(options -> assertThat(options.contains("--help")).isNotEqualTo(isJmhs));
        });
    }

    private static AbstractThrowableAssert<?, ?> refuses(String... arguments) {
        CommandLine commands = Bench.commands();
        return assertThatThrownBy(() -> commands.parseArgs(arguments)).isInstanceOf(ParameterException.class);
    }
}
