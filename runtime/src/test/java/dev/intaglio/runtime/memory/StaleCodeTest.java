package dev.intaglio.runtime.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StaleCodeTest {
    private final Barriers barriers = new Barriers();
    private final StaleCode stale = new StaleCode(barriers);

    @Test
    void theBlocksOfAPieceAreStaleAndNoOthers() {
        stale.add(10, 4);
        assertThat(stale.isAmong(0, 10)).isFalse();
        assertThat(stale.isAmong(14, 100)).isFalse();
        assertThat(stale.isAmong(9, 2)).isTrue();
        assertThat(stale.isAmong(13, 1)).isTrue();
        assertThat(stale.isAmong(0, 100)).isTrue();
    }

    @Test
    void aBarrierDoesForAllThatLayThereWhenItBegan() {
        stale.add(0, 4);
        stale.add(100, 4);
        long barrier = barriers.begin();
        stale.add(200, 4);
        assertThat(stale.isAmong(0, 4)).isTrue();
        barriers.end(barrier);
        assertThat(stale.isAmong(0, 200)).isFalse();
        assertThat(stale.isAmong(200, 4)).isTrue();
    }

    @Test
    void theKernelsBarrierCounts() {
        StaleCode code = new StaleCode(Cores.BARRIERS);
        code.add(0, 4);
        assertThat(code.isAmong(0, 4)).isTrue();
        assertThat(Cores.synchronize()).isTrue();
        assertThat(code.isAmong(0, 4)).isFalse();
    }

    /** A barrier under way, and the blocks that it does for once it is over. */
    private record UnderWay(long number, BitSet blocks) {}

    /** Beside a plain model, with several barriers under way, some of which the kernel refuses. */
    @Test
    void nothingIsForgottenTooEarlyAndAllIsBehindABarrier() {
        long seed = Long.getLong("intaglio.seed", 4711);
        System.out.println("StaleCodeTest seed " + seed);
        Random random = new Random(seed);
        int blocks = 200;
        BitSet model = new BitSet();
        List<UnderWay> underWay = new ArrayList<>();
        int told = 0;
        for (int i = 0; i < 200_000; i++) {
            int block = random.nextInt(blocks - 8);
            int end = block + 1 + random.nextInt(8);
            int action = random.nextInt(100);
            if (action < 20) {
                stale.add(block, end - block);
                model.set(block, end);
                underWay.forEach(barrier -> barrier.blocks.clear(block, end));
            } else if (action < 30) {
                underWay.add(new UnderWay(barriers.begin(), (BitSet) model.clone()));
            } else if (action < 45 && !underWay.isEmpty()) {
                UnderWay over = underWay.remove(random.nextInt(underWay.size()));
                if (action < 43) {
                    barriers.end(over.number);
                    model.andNot(over.blocks);
                }
            } else if (action == 45) {
                barriers.end(barriers.begin());
                model.clear();
                assertThat(stale.isAmong(0, blocks))
                        .as("seed %d, step %d", seed, i)
                        .isFalse();
            } else {
                boolean isStale = stale.isAmong(block, end - block);
                told += isStale ? 1 : 0;
                boolean mustBe = !model.get(block, end).isEmpty();
                assertThat(isStale || !mustBe).as("seed %d, step %d", seed, i).isTrue();
            }
        }
        assertThat(told).as("seed %d", seed).isBetween(10_000, 90_000);
    }
}
