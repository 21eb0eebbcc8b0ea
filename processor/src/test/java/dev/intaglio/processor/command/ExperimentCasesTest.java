package dev.intaglio.processor.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.encode.Encoder;
import dev.intaglio.assembly.encode.EncodingPlan;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.syntax.ParserOptions;
import dev.intaglio.assembly.syntax.StencilParser;
import dev.intaglio.peephole.Optimized;
import dev.intaglio.peephole.PeepholeOptimizer;
import dev.intaglio.peephole.Rewrite;
import dev.intaglio.peephole.RuleOptions;
import dev.intaglio.processor.layout.Arrangement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The test cases of CPython's experiment: what goes in, what the experiment makes of it, and what becomes of it here, which must be
 * what the case's file says and take no more instructions or bytes. {@code -Dgolden=bless} writes what is said now into the
 * files and the table of {@code docs/experiment.md}.
 */
class ExperimentCasesTest {
    private static final Path FILES = Path.of("src/test/resources/experiment");
    private static final Path DOCUMENT = Path.of("../docs/experiment.md");
    private static final boolean BLESS = "bless".equals(System.getProperty("golden"));
    private static final String HERE = "= here\n";
    private static final String EXPERIMENT = "= experiment\n";

    /**
     * A case.
     *
     * @param text its head and lines, up to what becomes of it
     * @param here what its file says becomes of it
     */
    private record Case(Path file, String name, String text, String here) {
        String head(String entry) {
            return text.lines()
                    .filter(line -> line.startsWith("# " + entry + ":"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("");
        }

        String before() {
            return text.substring(0, text.indexOf(EXPERIMENT));
        }

        /** What the experiment makes of it, with the same head. */
        String experiment() {
            String head = text.lines().filter(line -> line.startsWith("#")).collect(Collectors.joining("\n"));
            return head + "\n" + text.substring(text.indexOf(EXPERIMENT) + EXPERIMENT.length());
        }
    }

    private static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        try (Stream<Path> files = Files.list(FILES)) {
            for (Path file : files.sorted().toList()) {
                for (String part : Files.readString(file).split("(?m)^(?=## )")) {
                    if (part.startsWith("## ")) {
                        String name = part.lines().findFirst().orElseThrow().substring(3);
                        int here = part.indexOf(HERE) + HERE.length();
                        cases.add(new Case(
                                file,
                                name,
                                part.substring(0, here - HERE.length()),
                                part.substring(here).strip()));
                    }
                }
            }
        }
        return cases;
    }

    /** Lines before and after, and what was done to them. */
    private record Outcome(List<Line> lines, List<String> jobs) {
        String text() {
            return lines.stream().map(OptimizeCommand::text).collect(Collectors.joining("\n"));
        }
    }

    private static List<Line> parse(String text) {
        StencilFile file = StencilFile.parse(text);
        Diagnostics diagnostics = new Diagnostics();
        List<Line> lines = StencilParser.parse(file.text(), file.scope(), ParserOptions.DEFAULT, diagnostics);
        assertThat(diagnostics.all()).isEmpty();
        return lines;
    }

    private static Outcome run(Case one) {
        List<Line> lines = parse(one.before());
        switch (one.head("by")) {
            case "@Stencils(frame = true)":
                Diagnostics diagnostics = new Diagnostics();
                List<Line> framed = new Arrangement(false, true, false).before(lines, diagnostics);
                assertThat(diagnostics.all()).isEmpty();
                return optimized(one, framed, List.of("`@Stencils(frame = true)`"));
            case "@Stencils(split = true)":
                return new Outcome(
                        new Arrangement(true, false, false).behind(lines, Set.of()),
                        List.of("`@Stencils(split = true)`"));
            case "parser":
                return new Outcome(lines, List.of("the parser"));
            default:
                return optimized(one, lines, List.of());
        }
    }

    private static Outcome optimized(Case one, List<Line> lines, List<String> before) {
        Optimized optimized = PeepholeOptimizer.optimize(
                lines, RuleOptions.ALL, StencilFile.parse(one.before()).contract());
        Stream<String> rules =
                optimized.rewrites().stream().map(Rewrite::rule).distinct().map(rule -> "`" + rule + "`");
        return new Outcome(
                optimized.lines(), Stream.concat(before.stream(), rules).toList());
    }

    /** Figures of one run know nothing of another, and every rule and pass has its own. */
    @Test
    void rewritesAreCountedForEachRunByItself() throws IOException {
        for (Case one : cases()) {
            assertThat(run(one).jobs()).isEqualTo(run(one).jobs());
        }
    }

    private static int instructions(List<Line> lines) {
        return (int) lines.stream().filter(Instruction.class::isInstance).count();
    }

    /** The most bytes, with long branches. */
    private static int bytes(List<Line> lines) {
        return lines.stream()
                .filter(Instruction.class::isInstance)
                .mapToInt(line -> Encoder.plan((Instruction) line, false, new Diagnostics())
                        .map(EncodingPlan::maxLength)
                        .orElseThrow())
                .sum();
    }

    @TestFactory
    Stream<DynamicTest> eachCaseIsAsGoodAsInTheExperiment() throws IOException {
        if (BLESS) {
            bless();
        }
        return cases().stream()
                .map(one -> DynamicTest.dynamicTest(one.name(), () -> {
                    Outcome outcome = run(one);
                    assertThat(outcome.text()).isEqualTo(one.here());
                    List<Line> experiment = parse(one.experiment());
                    assertThat(instructions(outcome.lines())).isLessThanOrEqualTo(instructions(experiment));
                    assertThat(bytes(outcome.lines())).isLessThanOrEqualTo(bytes(experiment));
                }));
    }

    @Test
    void theTableTellsWhatHappens() throws IOException {
        List<String> rows = rows();
        assertThat(rows).hasSize(62);
        if (BLESS) {
            String text = Files.readString(DOCUMENT);
            int begin = text.indexOf("| case |");
            Files.writeString(
                    DOCUMENT,
                    text.substring(0, begin) + "| case | group | done by | before | experiment | here |\n"
                            + "| --- | --- | --- | ---: | ---: | ---: |\n" + String.join("\n", rows) + "\n");
        }
        assertThat(Files.readString(DOCUMENT).lines()).containsSubsequence(rows);
    }

    private static List<String> rows() throws IOException {
        List<String> rows = new ArrayList<>();
        for (Case one : cases()) {
            Outcome outcome = run(one);
            List<Line> experiment = parse(one.experiment());
            rows.add("| " + one.name() + " | " + one.head("group") + " | "
                    + (outcome.jobs().isEmpty() ? "nothing to do" : String.join(", ", outcome.jobs())) + " | "
                    + measure(parse(one.before())) + " | " + measure(experiment) + " | " + measure(outcome.lines())
                    + " |");
        }
        return rows;
    }

    private static String measure(List<Line> lines) {
        return instructions(lines) + ", " + bytes(lines);
    }

    private static void bless() throws IOException {
        for (Path file : cases().stream().map(Case::file).distinct().toList()) {
            StringBuilder text = new StringBuilder();
            for (Case one : cases()) {
                if (one.file().equals(file)) {
                    text.append(text.isEmpty() ? "" : "\n")
                            .append(one.text())
                            .append(HERE)
                            .append(run(one).text())
                            .append('\n');
                }
            }
            Files.writeString(file, text);
        }
    }
}
