package dev.intaglio.assembly.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.intaglio.assembly.table.InstructionForm;
import dev.intaglio.assembly.table.InstructionTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every form of the table with random operands, against GNU as. {@code -Dintaglio.samples=N} sets the lines for each form,
 * {@code -Dintaglio.seed=N} the seed.
 */
class GnuAssemblerTest {
    /** Younger than version 2.40, or with operands that it writes in another way. */
    private static final Set<String> UNKNOWN_TO_2_40 = Set.of(
            ("erets eretu lkgs pbndkb rmpread vpdpwsud vpdpwsuds vpdpwusd vpdpwusds vpdpwuud vpdpwuuds vsha512msg1"
                            + " vsha512msg2 vsha512rnds2 vsm3msg1 vsm3msg2 vsm3rnds2 vsm4key4 vsm4rnds4"
                            // DynASM's names
                            + " fpop mov64"
                            // far pointers with 64-bit offsets, lines of 64 bytes, st0 with sti, a 16-bit destination
                            + " call jmp lfs lgs lss movdir64b enqcmd enqcmds fcom fcomp fucom fucomp fxch movsxd"
                            // with a suffix there
                            + " sysret sysexit")
                    .split(" "));

    @Test
    void everyFormGivesTheBytesOfGnuAs(@TempDir Path folder) throws IOException {
        Optional<String> version = GnuAssembler.version();
        assumeTrue(version.isPresent(), "GNU as and objcopy are not installed");
        int samples = Integer.getInteger("intaglio.samples", 8);
        long seed = Long.getLong("intaglio.seed", 4711);
        List<String> lines = lines(new FormSamples(new Random(seed)), samples);
        List<Optional<String>> theirs = new GnuAssembler(folder).assemble(lines);

        List<String> wrong = new ArrayList<>();
        Map<String, Integer> unknown = new TreeMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            String ours = Ours.hex(line);
            if (theirs.get(i).isEmpty()) {
                unknown.merge(line.replaceFirst(" .*", ""), 1, Integer::sum);
            } else if (!ours.equals(theirs.get(i).get())
                    && !Ours.isBetter(line, ours, theirs.get(i).get())) {
                wrong.add(line + ": " + ours + ", GNU as: " + theirs.get(i).get());
            }
        }
        System.out.println(
                lines.size() + " lines against " + version.get() + ", seed " + seed + ", unknown to it: " + unknown);
        assertThat(wrong).as("seed %d", seed).isEmpty();
        if (version.get().contains("2.40")) {
            assertThat(UNKNOWN_TO_2_40).as("seed %d", seed).containsAll(unknown.keySet());
        }
    }

    private static List<String> lines(FormSamples samples, int each) {
        InstructionTable table = InstructionTable.x86_64();
        List<String> lines = new ArrayList<>();
        for (String mnemonic : table.mnemonics()) {
            for (InstructionForm form : table.forms(mnemonic)) {
                for (int i = 0; i < each; i++) {
                    samples.line(form).ifPresent(lines::add);
                }
            }
        }
        return lines;
    }
}
