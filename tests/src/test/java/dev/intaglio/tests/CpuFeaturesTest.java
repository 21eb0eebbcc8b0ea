package dev.intaglio.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.machine.CpuFeatures;
import dev.intaglio.assembly.machine.CpuLevel;
import dev.intaglio.assembly.table.InstructionTable;
import dev.intaglio.runtime.Cpu;
import dev.intaglio.runtime.cpu.CpuLevels;
import dev.intaglio.runtime.cpu.Features;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The processor and the runtime do not know each other, and mean the same by a feature's name. */
class CpuFeaturesTest {
    @Test
    void theRuntimeKnowsTheFeaturesOfTheTable() {
        assertThat(Features.names())
                .containsExactlyInAnyOrderElementsOf(InstructionTable.x86_64().features());
    }

    @Test
    void levelsAreTheSame() {
        for (CpuLevel level : CpuLevel.values()) {
            assertThat(CpuLevels.features(level.id())).isEqualTo(level.features());
        }
        assertThat(CpuLevels.isLevel("x86-64-v5")).isFalse();
    }

    @Test
    void thisCpuHasAllThatItsFeaturesImply() {
        Set<String> known = InstructionTable.x86_64().features();
        Cpu host = Cpu.host();
        for (String feature : host.features()) {
            assertThat(host.features())
                    .as("implied by %s", feature)
                    .containsAll(CpuFeatures.parse(feature, known).names());
        }
    }
}
