package dev.intaglio.runtime.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class GateTest {
    private static final int ROUNDS = 500;

    /** Callers that run against a close either are refused or are inside before the code is freed; nobody is inside after. */
    @Test
    void nobodyIsInsideFreedCode() throws Exception {
        AtomicLong calls = new AtomicLong();
        AtomicInteger violations = new AtomicInteger();
        for (int round = 0; round < ROUNDS; round++) {
            Piece piece = new Piece();
            Thread[] callers = new Thread[2];
            for (int i = 0; i < callers.length; i++) {
                callers[i] = new Thread(() -> call(piece, calls, violations));
                callers[i].start();
            }
            while (piece.entered == 0) {
                Thread.onSpinWait();
            }
            piece.gate.close();
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(piece.freed).as("freed in round %d", round).isEqualTo(1);
        }
        assertThat(violations).hasValue(0);
        assertThat(calls.get()).isPositive();
    }

    /** As {@link Binder} makes calls: the owner in one way, all others in the other. */
    private static void call(Piece piece, AtomicLong calls, AtomicInteger violations) {
        try {
            while (true) {
                if (piece.gate.enterOwned()) {
                    try {
                        inside(piece, calls, violations);
                    } finally {
                        piece.gate.exitOwned();
                    }
                } else {
                    piece.gate.enter();
                    try {
                        inside(piece, calls, violations);
                    } finally {
                        piece.gate.exit();
                    }
                }
            }
        } catch (IllegalStateException closed) {
            piece.entered = 1;
        }
    }

    private static void inside(Piece piece, AtomicLong calls, AtomicInteger violations) {
        piece.entered = 1;
        if (piece.freed != 0) {
            violations.incrementAndGet();
        }
        calls.incrementAndGet();
    }

    /** A closed gate is left for good only once the nested calls of its owner have ended. */
    @Test
    void theOwnersNestedCallsCount() {
        Piece piece = new Piece();
        piece.gate.enter(); // makes this thread the owner
        piece.gate.exit();
        assertThat(piece.gate.enterOwned()).isTrue();
        assertThat(piece.gate.enterOwned())
                .as("nested, by the way of all others")
                .isFalse();
        piece.gate.enter();
        piece.gate.close();
        assertThatThrownBy(piece.gate::enter).hasMessage("code test is closed");
        piece.gate.exitOwned();
        assertThat(piece.freed).isZero();
        piece.gate.exit();
        assertThat(piece.freed).isEqualTo(1);
    }

    @Test
    void aClosedGateRefusesItsOwner() {
        Piece piece = new Piece();
        piece.gate.enter();
        piece.gate.exit();
        piece.gate.close();
        assertThatThrownBy(piece.gate::enterOwned).hasMessage("code test is closed");
        assertThat(piece.freed).isEqualTo(1);
    }

    private static final class Piece {
        volatile int freed;
        volatile int entered;
        final Gate gate = new Gate("test", 0x1000, () -> freed = freed + 1);
    }
}
