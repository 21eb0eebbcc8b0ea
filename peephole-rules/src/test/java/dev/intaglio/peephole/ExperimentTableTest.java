package dev.intaglio.peephole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.ir.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table in docs/peephole.md of what does the job of each pattern of CPython's experiment tells what happens today. */
class ExperimentTableTest {
    private static final Path PATTERNS = Path.of("src/test/resources/stencils/experiment");
    private static final Path DOCUMENT = Path.of("../docs/peephole.md");

    @Test
    void eachPatternHasItsRow() throws IOException {
        List<String> rows;
        try (Stream<Path> files = Files.list(PATTERNS)) {
            rows = files.sorted().map(ExperimentTableTest::row).toList();
        }
        assertThat(rows).hasSize(23);
        assertThat(Files.readString(DOCUMENT).lines()).containsSubsequence(rows);
    }

    private static String row(Path file) {
        try {
            String text = Files.readString(file);
            String title = text.substring(2, text.indexOf('\n')).replace(": ", " | ");
            List<Line> before = Stencils.parse(
                    text.lines().filter(line -> line.startsWith("|")).collect(Collectors.joining("\n")));
            Optimized optimized = PeepholeOptimizer.optimize(before, RuleOptions.ALL, Stencils.contract(text));
            String jobs = optimized.rewrites().stream()
                    .map(rewrite -> "`" + rewrite.rule() + "`")
                    .distinct()
                    .collect(Collectors.joining(", "));
            return "| " + title + " | " + (jobs.isEmpty() ? "none" : jobs) + " | " + measure(before) + " | "
                    + measure(optimized.lines()) + " |";
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    private static String measure(List<Line> lines) {
        Cost cost = Cost.of(lines, new TableFacts());
        return cost.instructions() + ", " + cost.bytes();
    }

    /** Prints the rows, to be put into the document. */
    public static void main(String[] arguments) throws IOException {
        try (Stream<Path> files = Files.list(PATTERNS)) {
            files.sorted().map(ExperimentTableTest::row).forEach(System.out::println);
        }
    }
}
