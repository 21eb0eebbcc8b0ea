package dev.intaglio.peephole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.machine.Register;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Stencils whose rewriting looks right and is wrong, run on the processor as written and as rewritten by all rules and by each rule
 * alone, with little live and with all live. {@code -Dintaglio.seed=N} sets the seed, {@code -Drules.states=N} how many states.
 */
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
class HazardRunTest {
    private static final Path HAZARDS = Path.of("src/test/resources/hazards/run.txt");
    private static final long SEED = Long.getLong("intaglio.seed", 4711);
    private static final int STATES = Integer.getInteger("rules.states", 40);
    static final List<RuleOptions> OPTIONS = options();
    private static final StencilRunner RUNNER = new StencilRunner(new Random(SEED));

    /** One of the file. */
    record Hazard(String name, String live, String text) {
        static Hazard of(String line) {
            String[] parts = line.split("\\|");
            String text = Arrays.stream(parts[2].split(";"))
                    .map(String::trim)
                    .map(each -> each.matches("\\d:") ? "|" + each : "| " + each)
                    .collect(Collectors.joining("\n"));
            return new Hazard(parts[0].trim(), parts[1].trim(), text);
        }

        /** Only what is live at the end. */
        Contract contract() {
            List<Register> registers = Stream.of(live.split(" "))
                    .filter(word -> !word.equals("flags"))
                    .map(word -> Register.parse(word).orElseThrow())
                    .toList();
            Contract contract = Contract.DEFAULT.withOut(registers);
            return live.contains("flags") ? contract.withLiveFlags() : contract;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Hazard> hazards() throws IOException {
        return Files.readAllLines(HAZARDS).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(Hazard::of);
    }

    @AfterAll
    static void close() {
        RUNNER.close();
    }

    /** All, and each by itself. */
    private static List<RuleOptions> options() {
        List<RuleOptions> options = new ArrayList<>(List.of(RuleOptions.ALL));
        for (String alone : RuleOptions.names()) {
            options.add(RuleOptions.parse(RuleOptions.names().stream()
                    .filter(name -> !name.equals(alone))
                    .map(name -> "-" + name)
                    .collect(Collectors.joining(","))));
        }
        return options;
    }

    @ParameterizedTest
    @MethodSource("hazards")
    void theMeaningIsKept(Hazard hazard) {
        List<Line> written = Stencils.parse(hazard.text());
        for (Contract contract : List.of(hazard.contract(), Contract.DEFAULT)) {
            Map<String, Optimized> different = new LinkedHashMap<>();
            // Where no rule fits with all of them, none fits alone.
            boolean any = !PeepholeOptimizer.optimize(written, RuleOptions.ALL, contract)
                    .rewrites()
                    .isEmpty();
            for (RuleOptions options : any ? OPTIONS : List.<RuleOptions>of()) {
                Optimized optimized = PeepholeOptimizer.optimize(written, options, contract);
                if (!optimized.rewrites().isEmpty()) {
                    different.putIfAbsent(optimized.lines().toString(), optimized);
                }
            }
            for (Optimized optimized : different.values()) {
                assertThat(RUNNER.difference(written, optimized.lines(), contract, STATES))
                        .as("seed %d: %s rewritten by %s", SEED, hazard.text(), optimized.rewrites())
                        .isEmpty();
            }
        }
    }

    /** A run that cannot fail proves nothing. */
    @Test
    void aLostValueIsSeen() {
        Contract rdx = Contract.DEFAULT.withOut(List.of(Register.RDX));
        assertThat(RUNNER.difference(
                        Stencils.parse("| mov [rbx], rax\n| mov [rdi], r9\n| mov rdx, [rbx]"),
                        Stencils.parse("| mov [rbx], rax\n| mov [rdi], r9\n| mov rdx, rax"),
                        rdx,
                        STATES))
                .isPresent();
        assertThat(RUNNER.difference(
                        Stencils.parse("| mov rsi, 5\n| call function"),
                        Stencils.parse("| call function"),
                        rdx,
                        STATES))
                .isPresent();
    }

    @Test
    void mostHazardsAreNearARule() throws IOException {
        long rewritten = hazards()
                .filter(hazard -> !PeepholeOptimizer.optimize(
                                Stencils.parse(hazard.text()), RuleOptions.ALL, hazard.contract())
                        .rewrites()
                        .isEmpty())
                .count();
        System.out.println(hazards().count() + " hazards, " + rewritten + " of them rewritten, seed " + SEED);
        assertThat(rewritten).isGreaterThan(30);
    }
}
