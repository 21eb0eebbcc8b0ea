package dev.intaglio.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.examples.FiveMinutes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The README's example is the file that is compiled, and prints what the README says. */
class ReadmeTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void theExampleIsTheCompiledFile() throws IOException {
        String example =
                Files.readString(ROOT.resolve("examples/src/main/java/dev/intaglio/examples/FiveMinutes.java"));
        assertThat(block("```java")).isEqualTo(example.strip());
    }

    @Test
    void theExamplePrintsWhatTheReadmeSays() throws IOException {
        String printed = Printed.by(FiveMinutes::main);
        String said = block("It prints 46, and what was emitted (addresses differ):\n\n```");
        assertThat(withoutAddresses(printed)).isEqualTo(withoutAddresses(said));
    }

    @Test
    void linksLeadSomewhere() throws IOException {
        List<String> missing = java.util.regex.Pattern.compile("\\]\\(([^)#]+)\\)")
                .matcher(Files.readString(ROOT.resolve("README.md")))
                .results()
                .map(result -> result.group(1))
                .filter(link -> !link.startsWith("http") && !Files.exists(ROOT.resolve(link)))
                .toList();
        assertThat(missing).isEmpty();
    }

    private static String block(String opening) throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        int start = readme.indexOf(opening);
        assertThat(start).as(opening).isNotNegative();
        int content = readme.indexOf('\n', start + opening.length()) + 1;
        return readme.substring(content, readme.indexOf("```", content)).strip();
    }

    private static String withoutAddresses(String listing) {
        return listing.replaceAll("(?:0x)?7f[0-9a-f]{10}", "ADDRESS")
                .replaceAll("(?:0x)?[0-9a-f]{12}", "ADDRESS")
                .strip();
    }
}
