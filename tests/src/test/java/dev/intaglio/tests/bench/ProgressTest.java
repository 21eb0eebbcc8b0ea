package dev.intaglio.tests.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.tests.bench.formula.Maker;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A bar is full when all is measured: what other processes tell of their steps is as much as was foreseen. */
class ProgressTest {
    private static final List<String> SHORT = List.of("--samples=2", "--millis=1");

    @ParameterizedTest
    @EnumSource
    void aWriterTakesAsManySamplesAsForeseen(EmissionRun.Writer writer) throws Exception {
        try (ProgressBar bar = Progress.bar("emission", 2L * writer.figures())) {
            List<String> arguments = List.of(SHORT.get(0), SHORT.get(1), writer.name());
            assertThat(ChildRun.figures(EmissionRun.class, List.of(), arguments, bar))
                    .hasSize(writer.figures());
            assertThat(bar.getCurrent()).isEqualTo(bar.getMax());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INTAGLIO", "BYTECODE"})
    void soDoesAMakerOfFormulas(Maker maker) throws Exception {
        try (ProgressBar bar = Progress.bar("compile", 2L * CompileRun.sampled(maker))) {
            for (String phase : List.of("MANY", "STEADY")) {
                ChildRun.figures(
                        CompileRun.class,
                        List.of(),
                        List.of(SHORT.get(0), SHORT.get(1), "--maker=" + maker.name(), "--phase=" + phase),
                        bar);
            }
            assertThat(bar.getCurrent()).isEqualTo(bar.getMax());
        }
    }
}
