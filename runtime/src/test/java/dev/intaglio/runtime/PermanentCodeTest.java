package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongBinaryOperator;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Code that stays whatever is closed. */
class PermanentCodeTest {
    @TempDir
    private Path folder;

    /** {@code lea rax, [rdi + rsi]}; {@code ret}. */
    private static Code add(CodeBuffer buffer) {
        return new HandEmitter(buffer).hex("488d0437c3").commit("add", buffer);
    }

    @Test
    void itIsCalledAfterItsCloseAndItsCaches() {
        CodeCache cache = CodeCache.options().size(1 << 20).create();
        CodeBuffer buffer = cache.newBuffer();
        Code code = add(buffer);
        LongBinaryOperator before = code.bind(LongBinaryOperator.class);
        assertThat(code.makePermanent()).isSameAs(code);
        LongBinaryOperator behind = code.bind(LongBinaryOperator.class);
        assertThat(behind).isNotSameAs(before).isSameAs(code.bind(LongBinaryOperator.class));
        code.close();
        assertThat(code.isClosed()).isFalse();
        Code other = add(buffer);
        buffer.close();
        cache.close();
        assertThat(other.isClosed()).isTrue();
        assertThat(cache.statistics().pieces()).isEqualTo(1);
        assertThat(before.applyAsLong(40, 2)).isEqualTo(42);
        assertThat(behind.applyAsLong(30, 2)).isEqualTo(32);
        assertThat(code.call(20, 2)).isEqualTo(22);
        assertThat(code.listing()).contains("c3");
        assertThat(CodeRegistry.lookup(code.address())).isPresent();
    }

    @Test
    void whatItRefersToStays() {
        CodeCache cache = CodeCache.options().size(1 << 20).create();
        CodeBuffer buffer = cache.newBuffer();
        Code target = add(buffer);
        HandEmitter emitter = new HandEmitter(buffer).hex("4883ec08"); // sub rsp, 8
        emitter.callAddress(target.address());
        Code caller = emitter.hex("4883c408c3").commit("caller", buffer).makePermanent();
        LongBinaryOperator call = caller.bind(LongBinaryOperator.class);
        target.close();
        cache.close();
        assertThat(call.applyAsLong(1, 2)).isEqualTo(3);
    }

    @Test
    void closedCodeCannotBecomeIt() {
        try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                CodeBuffer buffer = cache.newBuffer()) {
            Code code = add(buffer);
            code.close();
            assertThatThrownBy(code::makePermanent)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("code add is closed");
        }
    }

    @Test
    void threadsCallItWhileItIsClosed() throws InterruptedException {
        CodeCache cache = CodeCache.options().size(1 << 20).create();
        Code code = add(cache.newBuffer()).makePermanent();
        LongBinaryOperator call = code.bind(LongBinaryOperator.class);
        long[] sums = new long[3];
        Thread[] threads = new Thread[sums.length];
        for (int i = 0; i < threads.length; i++) {
            int mine = i;
            threads[i] = new Thread(() -> {
                for (int n = 0; n < 100_000; n++) {
                    sums[mine] = call.applyAsLong(sums[mine], n);
                }
            });
            threads[i].start();
        }
        for (int i = 0; i < 1000; i++) {
            code.close();
        }
        cache.close();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(sums).containsOnly(100_000L * 99_999 / 2);
    }

    @Test
    void itIsNoLeak() {
        assertThat(new ChildJvm("-Dintaglio.leaks=true")
                        .run(folder, Program.class)
                        .output())
                .contains("sum 3")
                .doesNotContain("add")
                .doesNotContain("was not closed")
                .doesNotContain("open when the JVM ended");
    }

    @Test
    void piecesThatFindNoRoomForTrampolinesOfTheirOwnAreCalledAsOthers() {
        assertThat(new ChildJvm("-Dintaglio.memory=switched")
                        .run(folder, Many.class)
                        .output())
                .contains("permanent pieces: 300 right")
                .contains("with arguments on the stack: 9");
    }

    /** More of them than trampolines have pages where each takes one. */
    static final class Many {
        private static final int COUNT = 300;

        private Many() {}

        public static void main(String[] arguments) {
            CodeCache cache = CodeCache.create();
            CodeBuffer buffer = cache.newBuffer(64 << 10);
            HandEmitter emitter = new HandEmitter(buffer);
            List<LongSupplier> bound = new ArrayList<>();
            for (int i = 0; i < COUNT; i++) {
                Code code = emitter.constant(0, i, false).hex("c3").commit("piece " + i, buffer);
                bound.add(code.makePermanent().bind(LongSupplier.class));
            }
            int right = 0;
            for (int i = 0; i < COUNT; i++) {
                right += bound.get(i).getAsLong() == i ? 1 : 0;
            }
            System.out.println("permanent pieces: " + right + " right");
            Code last = emitter.hex("488b442418c3").commit("last", buffer); // mov rax, [rsp + 24]; ret
            System.out.println(
                    "with arguments on the stack: " + last.bind(Nine.class).call(1, 2, 3, 4, 5, 6, 7, 8, 9));
        }
    }

    /** Leaves it open. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                    CodeBuffer buffer = cache.newBuffer()) {
                System.out.println("sum " + add(buffer).makePermanent().call(1, 2));
            }
        }
    }
}
