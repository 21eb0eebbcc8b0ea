package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/** Pieces are closed, and their memory is used again, while several threads call them: by the way of the owner and of others. */
class CloseRaceTest {
    private static final int CALLERS = 3;

    /** Code that takes a while and returns a number of its own. */
    private record Piece(LongSupplier function, long number) {}

    private final AtomicLong wrong = new AtomicLong();
    private final AtomicLong calls = new AtomicLong();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private volatile Piece piece;
    private volatile boolean over;

    @Test
    void aCallReturnsWhatItsOwnPieceReturnsOrIsRefused() throws InterruptedException {
        long seed = Long.getLong("intaglio.seed", 4711);
        System.out.println("CloseRaceTest seed " + seed);
        Random random = new Random(seed);
        long end = Races.end(0.5);
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
            assertThat(cache.statistics().pieces()).isZero();
        }
        assertThat(calls.get()).isPositive();
        assertThat(wrong).hasValue(0);
        assertThat(failures).isEmpty();
    }

    private void closeWhileItIsCalled(CodeBuffer buffer, int number, Random random) {
        // mov ecx, rounds; 1: dec ecx; jnz <1; mov eax, number; ret
        new HandEmitter(buffer).hex("b9" + bytes(1 + random.nextInt(300)) + "ffc975fc" + "b8" + bytes(number) + "c3");
        try (Code code = buffer.commit("number")) {
            Piece made = new Piece(code.bind(LongSupplier.class), number);
            if (random.nextBoolean()) {
                made.function().getAsLong(); // this thread is the owner
            }
            piece = made;
            for (int i = random.nextInt(20_000); i > 0; i--) {
                Thread.onSpinWait();
            }
            for (int i = random.nextInt(20); i > 0; i--) {
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
                for (int i = 0; i < 50; i++) {
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
