package dev.intaglio.assembly.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.intaglio.assembly.encode.FormSamples.Sample;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every form of the table with random operands: LLVM reads our bytes, and must read the line. {@code mvn -Pllvm} brings LLVM
 * along, {@code -Dintaglio.judged=N} sets the number of lines, {@code -Dintaglio.seed=N} the seed.
 */
class LlvmTest {
    private static final int MOST_SHOWN = 60;

    @Test
    void llvmReadsWhatWasWritten(@TempDir Path folder) throws IOException {
        Optional<LlvmDisassembler> found = LlvmDisassembler.find(folder);
        assumeTrue(found.isPresent(), "LLVM comes with the Maven profile llvm");
        LlvmDisassembler judge = found.get();
        LlvmReading reading = new LlvmReading(differences());
        long seed = Long.getLong("intaglio.seed", 4711);
        int wanted = Integer.getInteger("intaglio.judged", 1_000_000);
        FormSamples samples = new FormSamples(new Random(seed));
        List<String> wrong = new ArrayList<>();
        int judged = 0;
        while (judged < wanted && wrong.size() < MOST_SHOWN) {
            List<Sample> asked = samples.round(Set.of()).stream()
                    .filter(sample -> reading.asks(sample.form().mnemonic()))
                    .toList();
            judged += asked.size();
            List<String> ours = asked.parallelStream()
                    .map(sample -> Ours.hex(sample.line()))
                    .toList();
            List<Optional<String>> theirs = ours.stream().map(judge::readHex).toList();
            IntStream.range(0, asked.size())
                    .parallel()
                    .filter(i -> theirs.get(i).isEmpty()
                            || !reading.means(
                                    theirs.get(i).get(),
                                    asked.get(i).line(),
                                    asked.get(i).form()))
                    .mapToObj(i -> asked.get(i).line() + ": " + ours.get(i) + ", LLVM: "
                            + theirs.get(i).map(reading::inOurNotation).orElse("no instruction"))
                    .forEachOrdered(wrong::add);
        }
        System.out.println(judged + " lines read by LLVM, seed " + seed);
        assertThat(wrong).as("seed %d", seed).isEmpty();
        assertThat(judged).isGreaterThanOrEqualTo(wanted);
    }

    private static String differences() throws IOException {
        try (InputStream in = LlvmTest.class.getResourceAsStream("/judges/llvm-differences.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
