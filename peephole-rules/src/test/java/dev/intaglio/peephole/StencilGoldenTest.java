package dev.intaglio.peephole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.encode.Encoder;
import dev.intaglio.assembly.encode.EncodingPlan;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each file under {@code stencils} is a test: a stencil, and below it what it becomes, with bytes and with the rules that
 * fired. {@code -Dgolden=bless} writes what the optimizer says now into the files; read the difference before committing it.
 */
class StencilGoldenTest {
    private static final Path STENCILS = Path.of("src/test/resources/stencils");
    private static final String BEFORE = "= before\n";

    static Stream<Path> stencils() throws IOException {
        try (Stream<Path> files = Files.walk(STENCILS)) {
            return files.filter(file -> file.toString().endsWith(".stencil")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("stencils")
    void stencilBecomesWhatItsFileSays(Path file) throws IOException {
        String text = Files.readString(file);
        String source = source(text);
        String golden = source + explain(source);
        if ("bless".equals(System.getProperty("golden"))) {
            Files.writeString(file, golden);
        }
        assertThat(Files.readString(file))
                .as("%s (-Dgolden=bless rewrites it)", file)
                .isEqualTo(golden);
    }

    @Test
    void everyRuleFiresInSomeStencil() throws IOException {
        Set<String> fired = new TreeSet<>();
        for (Path file : stencils().toList()) {
            optimize(source(Files.readString(file))).rewrites().forEach(rewrite -> fired.add(rewrite.rule()));
        }
        assertThat(Stream.concat(RuleSet.builtIn().rules().stream().map(Rule::name), RuleOptions.passes()))
                .allSatisfy(name -> assertThat(fired).contains(name));
    }

    private static String source(String text) {
        int end = text.indexOf(BEFORE);
        return end < 0 ? text : text.substring(0, end);
    }

    private static Optimized optimize(String source) {
        return PeepholeOptimizer.optimize(lines(source), RuleOptions.ALL, Stencils.contract(source));
    }

    private static List<Line> lines(String source) {
        return Stencils.parse(
                source.lines().filter(line -> !line.startsWith("#")).collect(Collectors.joining("\n")));
    }

    private static String explain(String source) {
        Optimized optimized = optimize(source);
        StringBuilder text = new StringBuilder(BEFORE);
        text.append(listing(lines(source)));
        text.append("= optimized\n").append(listing(optimized.lines()));
        text.append("= rules\n");
        optimized.rewrites().forEach(rewrite -> text.append(rewrite).append('\n'));
        return text.toString();
    }

    private static String listing(List<Line> lines) {
        StringBuilder text = new StringBuilder();
        for (Line line : lines) {
            String bytes = line instanceof Instruction instruction
                    ? "; "
                            + Encoder.plan(instruction, false, new Diagnostics())
                                    .map(EncodingPlan::toString)
                                    .orElseThrow()
                    : "";
            text.append(String.format("%-36s%s", line, bytes).stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
