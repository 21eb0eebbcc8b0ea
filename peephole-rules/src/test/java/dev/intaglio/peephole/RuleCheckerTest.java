package dev.intaglio.peephole;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All rules of the product pass the check; each file in {@code rules/fail} gets exactly the complaints it announces. */
class RuleCheckerTest {
    private static final Path FAIL = Path.of("src/test/resources/rules/fail");
    private static final String MARK = "# complaint: ";

    @Test
    void builtInRulesKeepTheLaw() {
        assertThat(RuleChecker.check(RuleSet.builtIn().rules(), new TableFacts()))
                .isEmpty();
    }

    @Test
    void theManualListsEveryRuleWithItsReason() throws IOException {
        String manual = Files.readString(Path.of("../docs/peephole.md"));
        for (Rule rule : RuleSet.builtIn().rules()) {
            assertThat(manual).contains("| `" + rule.name() + "` | " + rule.why() + " |");
        }
    }

    static Stream<Path> wrongFiles() throws IOException {
        return Files.list(FAIL)
                .filter(file -> file.toString().endsWith(".rules"))
                .sorted();
    }

    /** A comment {@code # complaint: TEXT} behind a line announces a complaint about that line with that text in it. */
    @ParameterizedTest
    @MethodSource("wrongFiles")
    void wrongRulesAreRefusedWhereTheyAreWrong(Path file) throws IOException {
        String text = Files.readString(file);
        List<String> expected = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.contains(MARK)) {
                expected.add(
                        file.getFileName() + ":" + number + "|" + line.substring(line.indexOf(MARK) + MARK.length()));
            }
        }
        List<String> complaints = complaints(file.getFileName().toString(), text);
        assertThat(complaints).as("%s", complaints).hasSameSizeAs(expected);
        for (int at = 0; at < expected.size(); at++) {
            String[] place = expected.get(at).split("\\|", 2);
            assertThat(complaints.get(at)).startsWith(place[0] + ":").contains(place[1]);
        }
    }

    private static List<String> complaints(String file, String text) {
        try {
            return RuleChecker.check(RuleReader.read(file, text), new TableFacts());
        } catch (RuleSyntaxException wrong) {
            return List.of(wrong.getMessage());
        }
    }
}
