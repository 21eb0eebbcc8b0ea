package dev.intaglio.peephole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.machine.Flag;
import dev.intaglio.assembly.machine.FlagSet;
import dev.intaglio.peephole.Equivalence.Answer;
import dev.intaglio.peephole.proof.Logic;
import dev.intaglio.peephole.proof.State;
import dev.intaglio.peephole.proof.Unmodelled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The stencils of golden files, of the experiment and of the hazards, rewritten by all rules, without rules and by each rule alone:
 * Z3 proves that each comes to the same as what was written, for all values of emission, too. Calls, sections, lines of Java and
 * vectors are beyond it.
 */
class StencilProofTest {
    private static final Path STENCILS = Path.of("src/test/resources/stencils");

    private static final int TIMEOUT_MILLIS = 1_000;

    private int proved;
    private final Map<String, Integer> open = new TreeMap<>();

    @Test
    void rewrittenStencilsDoTheSame() throws IOException {
        long begin = System.nanoTime();
        Set<String> fired = new TreeSet<>();
        for (Path file : stencils()) {
            String text = Files.readString(file);
            int end = text.indexOf("= before\n");
            String source = end < 0 ? text : text.substring(0, end);
            String lines = source.lines().filter(line -> !line.startsWith("#")).collect(Collectors.joining("\n"));
            fired.addAll(prove(file.getFileName().toString(), Stencils.parse(lines), Stencils.contract(source)));
        }
        for (HazardRunTest.Hazard hazard : HazardRunTest.hazards().toList()) {
            fired.addAll(prove(hazard.name(), Stencils.parse(hazard.text()), hazard.contract()));
        }
        System.out.printf(
                "%d rewritten stencils proved in %.1f s, by %d rules and passes; open: %s%n",
                proved, (System.nanoTime() - begin) / 1e9, fired.size(), open);
        assertThat(proved).isGreaterThan(100);
    }

    private static List<Path> stencils() throws IOException {
        try (Stream<Path> files = Files.walk(STENCILS)) {
            return files.filter(file -> file.toString().endsWith(".stencil"))
                    .sorted()
                    .toList();
        }
    }

    /** The names of the rules that changed the stencil in a way that is proved. */
    private Set<String> prove(String name, List<Line> written, Contract contract) {
        Map<String, Optimized> different = new LinkedHashMap<>();
        if (!PeepholeOptimizer.optimize(written, RuleOptions.ALL, contract)
                .rewrites()
                .isEmpty()) {
            for (RuleOptions options : HazardRunTest.OPTIONS) {
                Optimized optimized = PeepholeOptimizer.optimize(written, options, contract);
                if (!optimized.rewrites().isEmpty()) {
                    different.putIfAbsent(optimized.lines().toString(), optimized);
                }
            }
        }
        Set<String> fired = new TreeSet<>();
        for (Optimized optimized : different.values()) {
            try (Logic logic = new Logic()) {
                Answer answer = new Equivalence(logic, live(contract), State.Pages.ANY_BUT_THE_FIRST, TIMEOUT_MILLIS)
                        .compare(List.of(), written, optimized.lines());
                assertThat(answer.counterexample())
                        .as("%s, rewritten by %s", name, optimized.rewrites())
                        .isEmpty();
                if (answer.isProof()) {
                    proved++;
                    optimized.rewrites().forEach(rewrite -> fired.add(rewrite.rule()));
                } else {
                    open.merge("the solver", 1, Integer::sum);
                }
            } catch (Unmodelled unknown) {
                open.merge(unknown.getMessage().split(" ")[0], 1, Integer::sum);
            }
        }
        return fired;
    }

    private static Equivalence.Live live(Contract contract) {
        return new Equivalence.Live() {
            @Override
            public long bits(int register, boolean last) {
                long parts = contract.liveOut().general() >>> 4 * register & 0xF;
                return ((parts & 1) != 0 ? 0xFFL : 0)
                        | ((parts & 2) != 0 ? 0xFF00L : 0)
                        | ((parts & 4) != 0 ? 0xFFFF_0000L : 0)
                        | ((parts & 8) != 0 ? -1L << 32 : 0);
            }

            @Override
            public boolean flag(Flag flag, boolean last) {
                return contract.liveOut().intersects(Locations.of(FlagSet.of(flag)));
            }
        };
    }
}
