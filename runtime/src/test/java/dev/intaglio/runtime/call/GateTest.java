package dev.intaglio.runtime.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.intaglio.runtime.memory.Cores;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class GateTest {
    private static final int ROUNDS = 500;
    /** One in sixteen looks for what others have left undone. */
    private static final int CALLS = 10_000;

    private static final long ADDRESS = 0x1000;

    /** There are no owners before the kernel has granted the barrier. */
    @BeforeAll
    static void awaitBarrier() {
        assertThat(Cores.synchronize()).isTrue();
    }

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

    /** As {@link BoundClass} makes calls: the owner in one way, all others in the other. */
    private static void call(Piece piece, AtomicLong calls, AtomicInteger violations) {
        try {
            while (true) {
                if (piece.way.enterOwned() != 0) {
                    try {
                        inside(piece, calls, violations);
                    } finally {
                        leaveOwned(piece.way);
                    }
                } else {
                    Caller caller = piece.way.enter();
                    try {
                        inside(piece, calls, violations);
                    } finally {
                        piece.way.exit(caller);
                    }
                }
            }
        } catch (IllegalStateException closed) {
            piece.entered = 1;
        }
    }

    private static void leaveOwned(Bound way) {
        way.inside = false;
        way.attend();
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
        piece.own();
        assertThat(piece.way.enterOwned()).isEqualTo(ADDRESS);
        assertThat(piece.way.enterOwned()).as("nested").isZero();
        Caller caller = piece.way.enter();
        assertThat(piece.way.address).isEqualTo(ADDRESS);
        piece.gate.close();
        assertThatThrownBy(piece.gate::enter).hasMessage("code test is closed");
        assertThat(piece.way.enterOwned()).as("nested").isZero();
        assertThatThrownBy(piece.way::enter).hasMessage("code test is closed");
        piece.way.exit(caller);
        assertThat(piece.freed).isZero();
        leaveOwned(piece.way);
        assertThat(piece.freed).isEqualTo(1);
    }

    @Test
    void eachWayHasAnOwner() throws Exception {
        Piece piece = new Piece();
        piece.own();
        Bound other = piece.gate.way(new Other(null));
        ExecutorService second = Executors.newSingleThreadExecutor();
        try {
            long entered = second.submit(() -> {
                        other.exit(other.enter()); // makes that thread the owner
                        return other.enterOwned();
                    })
                    .get();
            assertThat(entered).isEqualTo(ADDRESS);
            assertThat(other.enterOwned()).as("of another thread").isZero();
            assertThat(piece.way.enterOwned()).isEqualTo(ADDRESS);
            leaveOwned(piece.way);
            piece.gate.close();
            assertThat(piece.freed).as("the second thread is inside").isZero();
            second.submit(() -> leaveOwned(other)).get();
            assertThat(piece.freed).isEqualTo(1);
        } finally {
            second.shutdown();
        }
    }

    @Test
    void whatSeveralThreadsCallHasNoOwner() throws Exception {
        Piece piece = new Piece();
        piece.own();
        assertThat(piece.way.enterOwned()).isEqualTo(ADDRESS);
        ExecutorService second = Executors.newSingleThreadExecutor();
        try {
            Caller other = second.submit(piece::enterAsCaller).get();
            assertThat(piece.way.enterOwned()).as("inside").isZero();
            leaveOwned(piece.way);
            assertThat(piece.way.enterOwned()).as("of the former owner").isZero();
            Caller caller = piece.enterAsCaller();
            piece.gate.close();
            assertThatThrownBy(piece.way::enter).hasMessage("code test is closed");
            piece.way.exit(caller);
            assertThat(piece.freed).as("the second thread is inside").isZero();
            second.submit(() -> piece.way.exit(other)).get();
            assertThat(piece.freed).isEqualTo(1);
        } finally {
            second.shutdown();
        }
        assertThat(Attention.isDue()).isFalse();
    }

    @Test
    void anOwnerWhoseThreadHasEndedIsSucceeded() throws InterruptedException {
        Piece piece = new Piece();
        Thread first = new Thread(piece::own);
        first.start();
        first.join();
        while (piece.way.enterOwned() == 0) {
            piece.own();
        }
        piece.gate.close();
        assertThat(piece.freed).isZero();
        leaveOwned(piece.way);
        assertThat(piece.freed).isEqualTo(1);
    }

    /** Beyond what a caller remembers, calls within calls are counted. */
    @Test
    void callsMayBeNestedDeeply() throws InterruptedException {
        Piece piece = new Piece();
        piece.own();
        Thread second = new Thread(() -> piece.way.exit(piece.enterAsCaller()));
        second.start();
        second.join();
        Deque<Optional<Caller>> calls = new ArrayDeque<>();
        calls.push(Optional.of(piece.enterAsCaller()));
        for (int i = 0; i < 2 * Caller.NESTED; i++) {
            calls.push(Optional.ofNullable(piece.way.enter()));
        }
        assertThat(calls.stream().filter(Optional::isPresent)).hasSize(Caller.NESTED);
        piece.gate.close();
        for (Optional<Caller> caller : calls) {
            assertThat(piece.freed).isZero();
            piece.way.exit(caller.orElse(null));
        }
        assertThat(piece.freed).isEqualTo(1);
    }

    @Test
    void thereIsOneWayForEachInterfaceWhileItIsOpen() {
        Piece piece = new Piece();
        assertThat(piece.gate.way(new PlainWay(null))).isSameAs(piece.way);
        assertThat(piece.gate.way(new Other(null))).isNotSameAs(piece.way);
        piece.gate.close();
        Bound pattern = new PlainWay(null);
        assertThatThrownBy(() -> piece.gate.way(pattern)).hasMessage("code test is closed");
    }

    /** Else every call of the JVM would go on asking why. */
    @Test
    void attentionEndsWithTheLastCaller() {
        Piece piece = new Piece();
        piece.own();
        assertThat(Attention.isDue()).isFalse();
        piece.way.enterOwned();
        piece.gate.close();
        assertThat(Attention.isDue()).isTrue();
        leaveOwned(piece.way);
        assertThat(Attention.isDue()).isFalse();
    }

    /** What the end of the stack interrupted is done by the next close, such as that of the cache. */
    @Test
    void aCloseThatFailedIsFinishedByTheNext() throws InterruptedException {
        for (int round = 0; round < 8; round++) {
            int others = round;
            Deque<Piece> pieces = new ArrayDeque<>();
            for (int i = 0; i < LastFrames.COUNT; i++) {
                Piece piece = new Piece();
                piece.own();
                piece.way.enterOwned(); // so that it is not left in the thread whose stack ends
                pieces.add(piece);
            }
            List<Piece> all = List.copyOf(pieces);
            LastFrames.inThread(
                    () -> LastFrames.visit(others, () -> pieces.remove().gate.close()));
            for (Piece piece : all) {
                piece.gate.close();
                assertThat(piece.freed).isZero();
                leaveOwned(piece.way);
                assertThat(piece.freed).isEqualTo(1);
            }
            assertThat(Attention.isDue()).isFalse();
        }
    }

    /** Where the stack ends it could not be counted out again. */
    @Test
    void whoIsRefusedIsNotCounted() throws InterruptedException {
        for (int round = 0; round < 8; round++) {
            int others = round;
            Piece piece = new Piece();
            piece.gate.enter();
            piece.gate.close();
            assertThatThrownBy(piece.gate::enter).hasMessage("code test is closed");
            LastFrames.inThread(() -> LastFrames.visit(others, () -> enterInVain(piece.gate)));
            piece.gate.exit();
            assertThat(piece.freed).isEqualTo(1);
        }
    }

    private static void enterInVain(Gate gate) {
        try {
            gate.enter();
        } catch (IllegalStateException refused) {
            return; // no lambda here: where the stack ends none can be linked
        }
    }

    /** Who is the last to leave may be unable to look, where its stack ends; then others do, as they leave other code. */
    @Test
    void whatTheLastToLeaveLeavesUndoneIsDoneByOthers() throws InterruptedException {
        Piece other = new Piece();
        for (int round = 0; round < 8; round++) {
            int others = round;
            Piece[] all = Stream.generate(Piece::new).limit(LastFrames.COUNT).toArray(Piece[]::new);
            LastFrames.inThread(() -> {
                for (Piece piece : all) {
                    piece.own();
                    assertThat(piece.way.enterOwned()).isEqualTo(ADDRESS);
                }
                inAnotherThread(() -> List.of(all).forEach(piece -> piece.gate.close()));
                LastFrames.visit(others, () -> leaveFirst(all));
                List.of(all).forEach(piece -> piece.way.inside = false); // where even that failed
            });
            for (int i = 0; i < CALLS && Attention.isDue(); i++) {
                other.gate.enter();
                other.gate.exit();
            }
            assertThat(all).allMatch(piece -> piece.freed == 1);
        }
    }

    /** Leaves the first one that its owner is inside. */
    private static void leaveFirst(Piece[] pieces) {
        for (Piece piece : pieces) {
            if (piece.way.inside) {
                piece.way.inside = false;
                piece.way.attend();
                return;
            }
        }
    }

    private static void inAnotherThread(Runnable action) {
        Thread thread = new Thread(action);
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An address is another piece's as soon as it is free, while callers may still try the old one. */
    @Test
    void gatesAreToldApartAtOneAddress() throws Exception {
        Piece piece = new Piece();
        Piece same = new Piece();
        piece.own();
        same.own();
        ExecutorService second = Executors.newSingleThreadExecutor();
        try {
            Caller caller = second.submit(() -> {
                        same.way.exit(same.enterAsCaller());
                        return piece.enterAsCaller();
                    })
                    .get();
            same.gate.close();
            assertThat(same.freed).isEqualTo(1);
            piece.gate.close();
            assertThat(piece.freed).isZero();
            second.submit(() -> piece.way.exit(caller)).get();
            assertThat(piece.freed).isEqualTo(1);
        } finally {
            second.shutdown();
        }
    }

    @Test
    void aClosedGateRefusesItsOwner() {
        Piece piece = new Piece();
        piece.own();
        piece.gate.close();
        assertThatThrownBy(piece.way::enterOwned).hasMessage("code test is closed");
        assertThat(piece.freed).isEqualTo(1);
    }

    private static final class Piece {
        volatile int freed;
        volatile int entered;
        final Gate gate = new Gate("test", ADDRESS, () -> freed = freed + 1);
        final Bound way = gate.way(new PlainWay(null));

        /** Makes this thread the owner of the way. */
        void own() {
            way.exit(way.enter());
        }

        /** Enters as one of several threads, which those become that call often. */
        Caller enterAsCaller() {
            Caller caller = way.enter();
            while (caller == null) {
                way.exit(null);
                caller = way.enter();
            }
            return caller;
        }
    }

    private static final class Other extends Bound {
        Other(Gate gate) {
            super(gate);
        }

        @Override
        protected Bound to(Gate other) {
            return new Other(other);
        }
    }
}
