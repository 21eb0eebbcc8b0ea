package dev.intaglio.runtime.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PendingTest {
    private static final int ROUNDS = 15;
    private static final RuntimeException THROWN = new ArithmeticException("from an upcall");

    private int wrong;

    /** An exception that waits without being counted is never thrown; a count without one makes all calls slow. */
    @Test
    void whatWaitsIsCountedWhereverTheStackEnds() throws InterruptedException {
        LastFrames.inThread(() -> {
            addAndRethrow(); // loads classes, which would be spoilt at the end of the stack
            for (int i = 0; i < ROUNDS; i++) {
                LastFrames.visit(i, PendingTest::addAndRethrow);
                wrong += Attention.isDue() == isThrown() ? 0 : 1;
            }
        });
        assertThat(wrong).isZero();
        assertThat(Attention.isDue()).isFalse();
    }

    /** Such as one that calls emitted code by a function pointer, or one of a C library. */
    @Test
    void whatWaitsInAThreadThatHasEndedIsForgotten() throws InterruptedException {
        Thread thread = new Thread(() -> Pending.add(THROWN));
        thread.start();
        thread.join();
        assertThat(Attention.isDue()).isTrue();
        Pending.forgetEnded();
        assertThat(Attention.isDue()).isFalse();
        Pending.add(THROWN);
        Pending.forgetEnded();
        assertThat(isThrown()).isTrue();
        assertThat(Attention.isDue()).isFalse();
    }

    private static void addAndRethrow() {
        Pending.add(THROWN);
        isThrown();
    }

    private static boolean isThrown() {
        try {
            Pending.rethrow();
            return false;
        } catch (ArithmeticException expected) {
            return true;
        }
    }
}
