package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pieces are closed, and their memory is used again, while several threads call them, by the way of the owner and of others: by compiled code
 * as well as by the interpreter, in each way of calls, and with code that the garbage collector frees. What calls freed code runs into another piece or into {@code hlt}, which ends the JVM.
 */
class CloseRaceTest {
    /** They share the time that one race has. */
    private static final int TESTS = 1 + options().size();

    @TempDir
    private Path folder;

    @Test
    void aCallReturnsWhatItsOwnPieceReturnsOrIsRefused() throws InterruptedException {
        new Race().run();
    }

    static List<String> options() {
        List<String> options = new ArrayList<>(List.of(
                "-Xint", "-XX:TieredStopAtLevel=1", "-XX:-TieredCompilation", "-Xcomp", "-Dintaglio.binding=jna"));
        if (Runtime.version().feature() >= 22) {
            options.add("-Dintaglio.binding=ffm");
        }
        return options;
    }

    @ParameterizedTest
    @MethodSource("options")
    void soItDoesHoweverItIsCompiled(String option) {
        ChildJvm.Ending ending = new ChildJvm("-XX:TieredStopAtLevel=4", option, "-Xmx256m").run(folder, Race.class);
        assertThat(ending.status()).as(ending.output()).isZero();
        assertThat(ending.output()).contains("no call went wrong");
    }

    /** One thread closes what it and others call. */
    static final class Race {
        private static final int CALLERS = 3;
        private static final int CALLS = 200;

        /** Code that takes a while and returns a number of its own. */
        private record Piece(LongSupplier function, long number) {}

        private final AtomicLong wrong = new AtomicLong();
        private final AtomicLong calls = new AtomicLong();
        private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        private volatile Piece piece;
        private volatile boolean over;

        public static void main(String[] arguments) throws InterruptedException {
            new Race().run();
            System.out.println("no call went wrong");
        }

        void run() throws InterruptedException {
            long seed = Long.getLong("intaglio.seed", 4711);
            System.out.println("CloseRaceTest seed " + seed);
            Random random = new Random(seed);
            Thread collector = new Thread(this::collect);
            collector.start();
            long end = System.nanoTime() + (long) (Races.seconds(0.5 * TESTS) / TESTS * 1e9);
            List<Thread> callers = new ArrayList<>();
            try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                    CodeBuffer buffer = cache.newBuffer(4096)) {
                for (int i = 0; i < CALLERS; i++) {
                    Thread caller = new Thread(this::call);
                    caller.start();
                    callers.add(caller);
                }
                for (int number = 1; number < 100 || System.nanoTime() < end; number++) {
                    closeWhileItIsCalled(buffer, number, random);
                }
                over = true;
                for (Thread caller : callers) {
                    caller.join();
                }
                collector.join();
                awaitCollector(cache);
                assertThat(cache.statistics().pieces()).isZero();
            }
            assertThat(calls.get()).isPositive();
            assertThat(wrong).hasValue(0);
            assertThat(failures).isEmpty();
        }

        /** Finds out all the time who is inside. */
        private void collect() {
            while (!over) {
                System.gc();
                LockSupport.parkNanos(1_000_000);
            }
        }

        private static void awaitCollector(CodeCache cache) {
            for (int i = 0; i < 1000 && cache.statistics().pieces() > 0; i++) {
                System.gc();
                LockSupport.parkNanos(10_000_000);
            }
        }

        private void closeWhileItIsCalled(CodeBuffer buffer, int number, Random random) {
            // mov ecx, rounds; 1: dec ecx; jnz <1; mov eax, number; ret
            int rounds = 1 + random.nextInt(300);
            new HandEmitter(buffer).hex("b9" + bytes(rounds) + "ffc975fc" + "b8" + bytes(number) + "c3");
            try (Code code = buffer.commit("number")) {
                if (random.nextBoolean()) {
                    code.makeCollected();
                }
                Piece made = new Piece(code.bind(LongSupplier.class), number);
                if (random.nextBoolean()) {
                    made.function().getAsLong(); // this thread is the owner
                }
                piece = made;
                for (int i = random.nextInt(20_000); i > 0; i--) {
                    Thread.onSpinWait();
                }
                for (int i = random.nextInt(CALLS); i > 0; i--) {
                    check(made);
                }
            }
        }

        private void call() {
            while (!over) {
                Piece called = piece;
                if (called == null) {
                    continue;
                }
                try {
                    for (int i = 0; i < CALLS; i++) {
                        check(called);
                    }
                } catch (IllegalStateException refused) {
                    if (!Races.isOfClosed(refused)) {
                        failures.add(refused);
                    }
                    Thread.onSpinWait();
                }
            }
        }

        private void check(Piece called) {
            long result = called.function().getAsLong();
            calls.incrementAndGet();
            if (result != called.number()) {
                wrong.incrementAndGet();
            }
        }

        private static String bytes(int value) {
            return String.format("%08x", Integer.reverseBytes(value));
        }
    }
}
