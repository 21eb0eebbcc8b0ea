package dev.intaglio.assembly.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.intaglio.assembly.encode.FormSamples.Sample;
import dev.intaglio.assembly.table.InstructionForm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every form of the table with random operands, against GNU as. {@code -Dintaglio.judged=N} sets the number of lines,
 * {@code -Dintaglio.seed=N} the seed.
 */
class GnuAssemblerTest {
    /** One run of the assembler each. */
    private static final int BATCH = 100_000;

    private static final int MOST_SHOWN = 40;

    /** Younger than version 2.40, or with operands that it writes in another way. */
    private static final Set<String> UNKNOWN_TO_2_40 = Set.of(
            ("erets eretu lkgs pbndkb rmpread vpdpwsud vpdpwsuds vpdpwusd vpdpwusds vpdpwuud vpdpwuuds vsha512msg1"
                            + " vsha512msg2 vsha512rnds2 vsm3msg1 vsm3msg2 vsm3rnds2 vsm4key4 vsm4rnds4"
                            // DynASM's names
                            + " fpop mov64"
                            // far pointers with 64-bit offsets, lines of 64 bytes, st0 with sti, a 16-bit destination
                            + " call jmp lfs lgs lss movdir64b enqcmd enqcmds fcom fcomp fucom fucomp fxch movsxd"
                            // of a 64-bit register only
                            + " vmovd"
                            // with a suffix there
                            + " sysret sysexit")
                    .split(" "));

    private final List<String> wrong = new ArrayList<>();
    private final Map<String, Integer> unknown = new TreeMap<>();
    /** Forms of which no line was taken: they are asked once. */
    private final Set<InstructionForm> refused = new HashSet<>();

    @Test
    void everyFormGivesTheBytesOfGnuAs(@TempDir Path folder) throws IOException {
        Optional<String> version = GnuAssembler.version();
        assumeTrue(version.isPresent(), "GNU as and objcopy are not installed");
        int wanted = Integer.getInteger("intaglio.judged", 1_000_000);
        long seed = Long.getLong("intaglio.seed", 4711);
        FormSamples samples = new FormSamples(new Random(seed));
        GnuAssembler judge = new GnuAssembler(folder);
        int judged = 0;
        while (judged < wanted && wrong.size() < MOST_SHOWN) {
            List<Sample> batch = new ArrayList<>();
            do {
                batch.addAll(samples.round(refused));
            } while (judged > 0 && batch.size() < Math.min(BATCH, wanted - judged));
            judged += judge(judge, batch);
        }
        System.out.println(
                judged + " lines against " + version.get() + ", seed " + seed + ", unknown to it: " + unknown.keySet());
        assertThat(wrong).as("seed %d", seed).isEmpty();
        assertThat(judged).isGreaterThanOrEqualTo(wanted);
        if (version.get().contains("2.40")) {
            assertThat(UNKNOWN_TO_2_40).as("seed %d", seed).containsAll(unknown.keySet());
        }
    }

    /** Compares a batch; the number of lines that the judge took. */
    private int judge(GnuAssembler judge, List<Sample> batch) {
        List<String> lines = batch.stream().map(Sample::line).toList();
        CompletableFuture<List<Optional<String>>> verdict = CompletableFuture.supplyAsync(() -> judge.assemble(lines));
        List<String> ours = lines.parallelStream().map(Ours::hex).toList();
        List<Optional<String>> theirs = verdict.join();
        Set<InstructionForm> taken = new HashSet<>();
        int judged = 0;
        for (int i = 0; i < batch.size(); i++) {
            String line = lines.get(i);
            if (theirs.get(i).isEmpty()) {
                unknown.merge(line.replaceFirst("^(lock|repn?e?) ", "").replaceFirst(" .*", ""), 1, Integer::sum);
                refused.add(batch.get(i).form());
                continue;
            }
            judged++;
            taken.add(batch.get(i).form());
            String bytes = theirs.get(i).get();
            if (!ours.get(i).equals(bytes) && !Ours.isBetter(line, ours.get(i), bytes)) {
                wrong.add(line + ": " + ours.get(i) + ", GNU as: " + bytes);
            }
        }
        refused.removeAll(taken);
        return judged;
    }
}
