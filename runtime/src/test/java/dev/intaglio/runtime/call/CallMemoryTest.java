package dev.intaglio.runtime.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.intaglio.runtime.memory.CodeMemory;
import dev.intaglio.runtime.memory.MemoryPlan;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The memory of trampolines, of which a JVM has so much and no more. */
class CallMemoryTest {
    private static final int SIZE = 32 << 10;

    private final CodeMemory whole = CodeMemory.open(new MemoryPlan("intaglio-test", SIZE, 16, true));
    private final CallMemory memory = new CallMemory(whole);
    private final List<Long> placed = new ArrayList<>();

    /** Code that tells its number, and is longer than a granule. */
    private static byte[] code(int number) {
        return ByteBuffer.allocate(20).putInt(number).array();
    }

    private void fillForOne() {
        OptionalLong address = memory.placeForOne("one", code(0));
        while (address.isPresent()) {
            placed.add(address.getAsLong());
            address = memory.placeForOne("one", code(placed.size()));
        }
    }

    private void fillShared() {
        try {
            while (placed.size() < SIZE) {
                placed.add(memory.place("shared", code(placed.size())));
            }
        } catch (IllegalStateException full) {
            assertThat(full)
                    .hasMessageStartingWith("there is no room for shared")
                    .hasMessageContaining("32 KiB");
        }
    }

    private void assertThatNothingWasWrittenOver() {
        assertThat(placed).doesNotHaveDuplicates();
        for (int i = 0; i < placed.size(); i++) {
            assertThat(whole.read(placed.get(i), 20)).as("piece %d", i).isEqualTo(code(i));
        }
    }

    @Test
    void whatManyPiecesShareHasRoomWhenThatForSinglePiecesIsUsedUp() {
        fillForOne();
        int forOne = placed.size();
        assertThat(forOne * 32).isBetween(SIZE / 2 - 1024, SIZE / 2);
        assertThat(memory.placeForOne("one", code(0))).isEmpty();
        fillShared();
        assertThat((placed.size() - forOne) * 32).isBetween(SIZE / 8 * 3 - 1024, SIZE / 8 * 3);
        assertThatNothingWasWrittenOver();
    }

    @Test
    void whatHasNoRoomIsRefusedAgainAndAgain() {
        fillShared();
        for (int time = 0; time < 3; time++) {
            assertThatThrownBy(() -> memory.place("(DD)D", code(0)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "there is no room for (DD)D: what calls go through has 32 KiB, which are used up; bind to"
                                    + " interfaces of fewer signatures, or choose calls without trampolines:"
                                    + " -Dintaglio.binding=ffm (Java 22 or later) or jna");
            assertThat(memory.placeForOne("one", code(0))).isEmpty();
        }
        assertThatNothingWasWrittenOver();
    }
}
