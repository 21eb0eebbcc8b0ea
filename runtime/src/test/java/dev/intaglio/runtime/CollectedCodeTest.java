package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongBinaryOperator;
import java.util.function.LongConsumer;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Code whose memory the garbage collector frees. */
class CollectedCodeTest {
    private static final int ROUNDS = 200;
    private static final int SMALL = 64 << 10;
    private static final int WINDOW = 1024;

    @TempDir
    private Path folder;

    /** {@code lea rax, [rdi + rsi]}; {@code ret}. */
    private static Code add(CodeBuffer buffer) {
        return new HandEmitter(buffer).hex("488d0437c3").commit("add", buffer);
    }

    /** Tells {@code [rdi]} that it is inside, waits until {@code [rdi + 8]} is not zero, and returns it; as long as a window. */
    private static Code waiting(CodeBuffer buffer) {
        return new HandEmitter(buffer)
                .hex("48c70701000000" + "488b4708" + "4885c0" + "74f7" + "c3")
                .nops(buffer.code(), WINDOW)
                .commit("waiting", buffer);
    }

    /** A thread that is inside such code, until the second flag is set. */
    private static Thread enter(Memory flags, LongConsumer code) {
        flags.clear();
        Thread inside = new Thread(() -> code.accept(Pointer.nativeValue(flags)));
        inside.start();
        while (flags.getLong(0) == 0) {
            Thread.onSpinWait();
        }
        return inside;
    }

    private static boolean becomes(BooleanSupplier wanted) throws InterruptedException {
        for (int i = 0; i < ROUNDS && !wanted.getAsBoolean(); i++) {
            System.gc();
            Thread.sleep(10);
        }
        return wanted.getAsBoolean();
    }

    private static int pieces(CodeCache cache) {
        return cache.statistics().pieces();
    }

    @Test
    void itsMemoryIsFreeBehindACollectionOnceItIsClosed() throws InterruptedException {
        try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                CodeBuffer buffer = cache.newBuffer(4096)) {
            Code code = add(buffer);
            LongBinaryOperator counted = code.bind(LongBinaryOperator.class);
            assertThat(code.makeCollected()).isSameAs(code);
            LongBinaryOperator add = code.bind(LongBinaryOperator.class);
            assertThat(add).isNotSameAs(counted).isSameAs(code.bind(LongBinaryOperator.class));
            for (int i = 0; i < 20_000; i++) {
                assertThat(add.applyAsLong(i, counted.applyAsLong(i, 2))).isEqualTo(2 * i + 2);
            }
            assertThat(add).hasToString("add at 0x" + Long.toHexString(code.address()));
            System.gc();
            Thread.sleep(50);
            assertThat(pieces(cache)).as("while it is open").isEqualTo(1);
            code.close();
            code.close();
            for (LongBinaryOperator closed : List.of(add, counted)) {
                assertThatThrownBy(() -> closed.applyAsLong(1, 2))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("code add is closed");
            }
            assertThatThrownBy(code::makeCollected).hasMessage("code add is closed");
            assertThat(becomes(() -> pieces(cache) == 0))
                    .as("though the object is still there")
                    .isTrue();
        }
    }

    @Test
    void whoIsInsideHoldsIt() throws InterruptedException {
        try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                CodeBuffer buffer = cache.newBuffer(4096);
                Memory flags = new Memory(16)) {
            Code code = waiting(buffer).makeCollected();
            LongUnaryOperator wait = code.bind(LongUnaryOperator.class);
            long[] result = new long[1];
            Thread inside = enter(flags, address -> result[0] = wait.applyAsLong(address));
            code.close();
            for (int i = 0; i < 5; i++) {
                System.gc();
                Thread.sleep(20);
                assertThat(pieces(cache)).isEqualTo(1);
            }
            flags.setLong(8, 42);
            inside.join();
            assertThat(result).containsExactly(42);
            assertThat(becomes(() -> pieces(cache) == 0)).isTrue();
        }
    }

    /** Nor is it for what is called by counted callers alone. */
    @Test
    void noCollectionIsNeededForWhatNobodyBound() {
        try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                CodeBuffer buffer = cache.newBuffer(4096)) {
            add(buffer).makeCollected().close();
            assertThat(pieces(cache)).isZero();
            Code before = add(buffer);
            assertThat(before.bind(LongBinaryOperator.class).applyAsLong(1, 2)).isEqualTo(3);
            before.makeCollected().close();
            assertThat(pieces(cache)).isZero();
        }
    }

    @Test
    void theCountedCallersOfSuchCodeHoldItToo() throws InterruptedException {
        try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                CodeBuffer buffer = cache.newBuffer(4096);
                Memory flags = new Memory(16)) {
            Code code = waiting(buffer);
            LongUnaryOperator counted = code.bind(LongUnaryOperator.class);
            code.makeCollected().bind(LongUnaryOperator.class);
            Thread inside = enter(flags, counted::applyAsLong);
            code.close();
            assertThat(becomes(() -> !code.awaitsCollector())).isTrue();
            assertThat(pieces(cache)).isEqualTo(1);
            flags.setLong(8, 1);
            inside.join();
            assertThat(pieces(cache)).isZero();
        }
    }

    @Test
    void criticalCallersHoldItToo() throws InterruptedException {
        assumeTrue(Runtime.version().feature() >= 22, "critical calls are of Java 22");
        try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                CodeBuffer buffer = cache.newBuffer(4096)) {
            Code code = add(buffer).makeCollected();
            LongBinaryOperator add = code.bindCritical(LongBinaryOperator.class);
            for (int i = 0; i < 20_000; i++) {
                assertThat(add.applyAsLong(i, 2)).isEqualTo(i + 2);
            }
            code.close();
            assertThatThrownBy(() -> add.applyAsLong(1, 2)).hasMessage("code add is closed");
            assertThat(becomes(() -> pieces(cache) == 0)).isTrue();
        }
    }

    /** Each piece is bound and closed, and nobody but the cache asks for collections. */
    @Test
    void aFullCacheAsksForACollection() {
        try (CodeCache cache = CodeCache.options().size(SMALL).create();
                CodeBuffer buffer = cache.newBuffer(WINDOW)) {
            for (int i = 0; i < 3000; i++) {
                try (Code code = add(buffer).makeCollected()) {
                    assertThat(code.bind(LongBinaryOperator.class).applyAsLong(i, 1))
                            .isEqualTo(i + 1);
                }
            }
        }
    }

    @Test
    void andSoDoesOneThatEvicts() {
        List<Code> open = new ArrayList<>();
        int[] asked = {0};
        Eviction oldest = (full, region, bytes) -> {
            asked[0]++;
            if (open.isEmpty()) {
                return false;
            }
            open.remove(0).close();
            return true;
        };
        try (CodeCache cache = CodeCache.options().size(SMALL).whenFull(oldest).create();
                CodeBuffer buffer = cache.newBuffer(WINDOW)) {
            for (int i = 0; i < 2000; i++) {
                Code code = add(buffer).makeCollected();
                assertThat(code.bind(LongBinaryOperator.class).applyAsLong(i, 1))
                        .isEqualTo(i + 1);
                open.add(code);
            }
            assertThat(open).as("not all are closed to make some room").hasSizeGreaterThan(100);
            assertThat(asked[0]).isLessThan(2000);
        }
    }

    @Test
    void anInterruptedThreadGetsRoomToo() {
        Thread.currentThread().interrupt();
        try (CodeCache cache = CodeCache.options().size(SMALL).create();
                CodeBuffer buffer = cache.newBuffer(WINDOW)) {
            for (int i = 0; i < 1000; i++) {
                try (Code code = add(buffer).makeCollected()) {
                    code.bind(LongBinaryOperator.class);
                }
            }
        }
        assertThat(Thread.interrupted()).isTrue();
    }

    /** What is in use when a collection is asked for is asked for again later. */
    @Test
    void whatWasInUseIsFreedLater() throws InterruptedException {
        try (CodeCache cache = CodeCache.options().size(SMALL).create();
                CodeBuffer buffer = cache.newBuffer(WINDOW);
                Memory flags = new Memory(16)) {
            Code waiting = waiting(buffer).makeCollected();
            LongUnaryOperator wait = waiting.bind(LongUnaryOperator.class);
            Thread inside = enter(flags, wait::applyAsLong);
            waiting.close();
            List<Code> open = new ArrayList<>();
            assertThatThrownBy(() -> fill(open, buffer))
                    .isInstanceOf(CodeBufferException.class)
                    .hasMessageContaining("1 closed pieces wait for the garbage collector");
            flags.setLong(8, 1);
            inside.join();
            Thread.sleep(1100); // the patience of the cache
            buffer.reset();
            assertThat(add(buffer).call(40, 2)).isEqualTo(42);
        }
    }

    private static void fill(List<Code> open, CodeBuffer buffer) {
        while (open.size() < SMALL) {
            open.add(add(buffer));
        }
    }

    @Test
    void aFullCacheTellsWhatIsNotCollected() {
        ChildJvm.Ending ending =
                new ChildJvm("-XX:+DisableExplicitGC", "-Xmx1g", "-Xmn512m").run(folder, Uncollected.class);
        assertThat(ending.output()).contains("closed pieces wait for the garbage collector), or make the cache larger");
    }

    /** Closes all and waits for no collection. */
    static final class Uncollected {
        private Uncollected() {}

        public static void main(String[] arguments) {
            try (CodeCache cache = CodeCache.options().size(SMALL).create();
                    CodeBuffer buffer = cache.newBuffer(WINDOW)) {
                for (int i = 0; i < 3000; i++) {
                    Code code = add(buffer).makeCollected();
                    code.bind(LongBinaryOperator.class);
                    code.close();
                }
            } catch (CodeBufferException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void aClosedCacheIsUnmappedBehindACollection() throws InterruptedException {
        CodeCache cache = CodeCache.options().size(1 << 20).create();
        try (CodeBuffer buffer = cache.newBuffer(4096)) {
            assertThat(add(buffer)
                            .makeCollected()
                            .bind(LongBinaryOperator.class)
                            .applyAsLong(1, 2))
                    .isEqualTo(3);
        }
        cache.close();
        assertThat(becomes(() -> cache.describe().startsWith("closed     memory unmapped")))
                .isTrue();
    }
}
