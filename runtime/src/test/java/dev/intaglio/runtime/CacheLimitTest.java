package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.intaglio.runtime.memory.Region;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a cache tells of its size, and what it does at its end. */
class CacheLimitTest {

    private static Code piece(CodeBuffer buffer, HandEmitter emitter, int value, int length) {
        return emitter.constant(0, value, false)
                .hex("c3")
                .nops(buffer.code(), length)
                .commit("piece" + value, buffer);
    }

    @Test
    void statisticsCountWhatPiecesAndBuffersHold() {
        try (CodeCache cache = CodeCache.options().size(1 << 20).create()) {
            assertThat(cache.statistics().held()).isZero();
            assertThat(cache.statistics().mapped()).isZero();
            CodeBuffer buffer = cache.newBuffer(4096);
            HandEmitter emitter = new HandEmitter(buffer);
            Code first = piece(buffer, emitter, 1, 100);
            Code second = piece(buffer, emitter, 2, 1000);
            CacheStatistics now = cache.statistics();
            assertThat(now.pieces()).isEqualTo(2);
            assertThat(now.commits()).isEqualTo(2);
            assertThat(now.region(Region.HOT).pieces()).isEqualTo(128 + 1024);
            assertThat(now.region(Region.HOT).size()).isEqualTo(512 << 10);
            assertThat(now.region(Region.HOT).free())
                    .isEqualTo(now.region(Region.HOT).largest());
            assertThat(now.region(Region.COLD).pieces()).isZero();
            first.close();
            assertThat(cache.statistics().freed()).isEqualTo(1);
            assertThat(cache.statistics().region(Region.HOT).blocks()).isEqualTo(2);
            second.close();
            buffer.close();
            assertThat(cache.statistics().held()).isZero();
            assertThat(cache.statistics().toString())
                    .contains("hot 512 KiB, 64 mapped, 0 held")
                    .contains("2 freed");
        }
    }

    @Test
    void sixteenByteGranulesHoldFourTimesAsManySmallPieces() {
        try (CodeCache cache = CodeCache.options().size(1 << 20).granule(16).create();
                CodeBuffer buffer = cache.newBuffer(4096)) {
            HandEmitter emitter = new HandEmitter(buffer);
            List<Code> pieces = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                pieces.add(piece(buffer, emitter, i, 0));
            }
            assertThat(cache.statistics().region(Region.HOT).pieces()).isEqualTo(1600);
            pieces.remove(40).close();
            for (Code code : pieces) {
                assertThat(code.call()).isEqualTo(Long.parseLong(code.name().substring(5)));
            }
            assertThat(cache.describe()).contains("pieces at multiples of 16 bytes");
        }
        assertThatThrownBy(() -> CodeCache.options().granule(32)).hasMessageContaining("multiples of 16 or of 64");
    }

    @Test
    void aClientThatEvictsGoesOnForEver() {
        Deque<Code> byAge = new ArrayDeque<>();
        int[] asked = {0};
        Eviction oldest = (cache, region, bytes) -> {
            asked[0]++;
            for (int i = 0; i < 4 && !byAge.isEmpty(); i++) {
                byAge.remove().close();
            }
            return !byAge.isEmpty();
        };
        try (CodeCache cache =
                        CodeCache.options().size(1 << 20).whenFull(oldest).create();
                CodeBuffer buffer = cache.newBuffer(16 << 10)) {
            HandEmitter emitter = new HandEmitter(buffer);
            for (int i = 0; i < 1000; i++) {
                Code code = piece(buffer, emitter, i, 10_000);
                assertThat(code.call()).isEqualTo(i);
                byAge.add(code);
            }
            assertThat(asked[0]).isGreaterThan(100);
            assertThat(cache.statistics().commits()).isEqualTo(1000);
            assertThat(cache.describe()).contains("when full the client is asked to make room");
        }
    }

    @Test
    void aCacheOfTheDefaultSizeHasTwoDozenBuffersOfTheDefaultSize() {
        List<CodeBuffer> buffers = new ArrayList<>();
        try (CodeCache cache = CodeCache.create()) {
            for (int i = 0; i < 24; i++) {
                CodeBuffer buffer = cache.newBuffer();
                new HandEmitter(buffer).nops(buffer.code(), 1 << 20);
                buffers.add(buffer);
            }
            assertThat(cache.describe()).contains("buffers    24 open");
        }
    }

    @Test
    void aBufferGivesBackWhatALargePieceTook() {
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer(64 << 10)) {
            HandEmitter emitter = new HandEmitter(buffer);
            piece(buffer, emitter, 1, 10);
            long before = cache.statistics().held();
            emitter.nops(buffer.code(), 9 << 20);
            assertThat(cache.statistics().held()).isGreaterThan(9 << 20);
            buffer.reset();
            assertThat(cache.statistics().held()).isLessThan(before + 1024);
            assertThat(piece(buffer, emitter, 2, 10).call()).isEqualTo(2);
            Code large = piece(buffer, emitter, 3, 9 << 20);
            assertThat(piece(buffer, emitter, 4, 10).call()).isEqualTo(4);
            assertThat(large.call()).isEqualTo(3);
            large.close();
            assertThat(cache.statistics().held()).isLessThanOrEqualTo(2 * before);
        }
    }

    /** Of what its first run took another buffer must not get a part before the second. */
    @Test
    void smallestKeepsItsRoomBetweenRuns() {
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer(64 << 10)) {
            HandEmitter emitter = new HandEmitter(buffer);
            Label end = new Label("end");
            int[] runs = {0};
            buffer.smallest(() -> {
                if (runs[0]++ == 1) {
                    cache.newBuffer(64 << 10);
                }
                emitter.jump(end)
                        .nops(buffer.code(), 10)
                        .bind(end)
                        .nops(buffer.code(), 3 << 20)
                        .hex("c3");
            });
            assertThat(runs[0]).isGreaterThan(1);
            assertThat(buffer.size()).isGreaterThan(3 << 20);
            buffer.reset();
            assertThat(cache.statistics().region(Region.HOT).held()).isLessThan(3 << 20);
        }
    }

    @Test
    void aClientThatMakesNoRoomGetsTheError() {
        try (CodeCache cache = CodeCache.options()
                        .size(1 << 20)
                        .whenFull((full, region, bytes) -> false)
                        .create();
                CodeBuffer buffer = cache.newBuffer(16 << 10)) {
            HandEmitter emitter = new HandEmitter(buffer);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1000; i++) {
                            piece(buffer, emitter, i, 10_000);
                        }
                    })
                    .isInstanceOf(CodeBufferException.class);
            assertThat(cache.statistics().region(Region.HOT).free()).isLessThan(16 << 10);
            buffer.reset();
        }
    }

    @Test
    void hardenedCodeIsCommittedRunAndReplaced() {
        try (CodeCache cache = CodeCache.options().size(1 << 20).hardened().create();
                CodeBuffer buffer = cache.newBuffer(16 << 10)) {
            HandEmitter emitter = new HandEmitter(buffer);
            for (int i = 0; i < 300; i++) {
                try (Code code = piece(buffer, emitter, i, 3000)) {
                    assertThat(code.call()).isEqualTo(i);
                    assertThat(code.listing()).contains("b8");
                }
            }
            assertThat(cache.describe()).contains("hardened: no writable view, code is written through the file");
        }
    }
}
