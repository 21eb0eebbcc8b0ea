package dev.intaglio.runtime.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.runtime.ChildJvm;
import dev.intaglio.runtime.Pinning;
import dev.intaglio.runtime.Races;
import dev.intaglio.runtime.Seccomp;
import dev.intaglio.runtime.memory.Cores;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gates are closed while a thread goes in and out whose stores only a barrier orders: as an owner, or as one of several callers. */
class OwnerRaceTest {
    private static final String SAFE = "in freed code: 0, not freed: 0, attention: false";
    private static final String REFUSED = "the kernel refuses membarrier, which it granted before";

    @TempDir
    private Path folder;

    @Test
    void ownersAreNotInsideFreedCode() {
        assertThat(child("granted", "owned")).contains(SAFE);
    }

    @Test
    void norAreSeveralCallers() {
        assertThat(child("granted", "shared")).contains(SAFE);
    }

    @Test
    void norAreOwnersWhereTheBarrierIsLost() {
        assertThat(child("refused", "owned")).contains(REFUSED, SAFE);
    }

    @Test
    void norAreSeveralCallersWhereTheBarrierIsLost() {
        assertThat(child("refused", "shared")).contains(REFUSED, SAFE);
    }

    private String child(String barrier, String manner) {
        ChildJvm.Ending ending =
                new ChildJvm("-XX:TieredStopAtLevel=4", "-Xmx1g").run(folder, Program.class, barrier, manner);
        return ending.output();
    }

    /** Closes gates while another thread goes in and out. */
    static final class Program {
        private static final int PIECES = 100_000;
        /** They share the time that one race has. */
        private static final int TESTS = 4;
        /** Stores that wait for memory before each call, and behind which what the caller stores waits unseen. */
        private static final int DELAYS = 8;

        private final byte[] far = new byte[64 << 20];
        private int place;
        private final Pinning pinning = Pinning.ofProcess();
        private final boolean shared;
        private volatile int current = -1;
        private volatile boolean ready;
        private Caller known;
        private volatile boolean begun;
        private List<Piece> pieces = List.of();
        private int inFreedCode;
        private long seenInside;

        private Program(boolean shared) {
            this.shared = shared;
        }

        public static void main(String[] arguments) throws InterruptedException {
            if (!Cores.synchronize()) {
                throw new IllegalStateException("there is no barrier to lose");
            }
            new Program(arguments[1].equals("shared")).race(arguments[0].equals("refused"));
        }

        private void race(boolean refusing) throws InterruptedException {
            double seconds = Races.seconds(TESTS) / TESTS;
            // All before the barrier is lost: later there are no owners. Without it each close stops the JVM.
            int count = (int) (PIECES * Math.min(10, seconds) / (refusing ? 10 : 1));
            List<Piece> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                all.add(new Piece(i + 1));
            }
            pieces = all;
            Thread caller = new Thread(this::call);
            caller.start();
            while (!ready) {
                Thread.onSpinWait();
            }
            if (shared) {
                all.forEach(Program::share);
            }
            if (refusing) {
                Seccomp.refuse(Seccomp.MEMBARRIER);
            }
            pinning.pin(0);
            begun = true;
            Random random = new Random(1);
            long end = System.nanoTime() + (long) (seconds * 1e9);
            for (int i = 0; i < count; i++) {
                boolean isLate = System.nanoTime() > end; // then only the others are closed
                while (current < i && caller.isAlive() && !isLate) {
                    Thread.yield();
                }
                Piece piece = pieces.get(i);
                for (int look = isLate ? 0 : 1 + random.nextInt(1000); look > 0; look--) {
                    // takes the cache line, so that stores to it are seen late
                    boolean isInside = shared ? known.calls[0] != 0 : piece.way.isInside();
                    seenInside += isInside ? 1 : 0;
                }
                piece.gate.close();
            }
            caller.join();
            long notFreed = pieces.stream().filter(piece -> piece.freed != 1).count();
            System.out.printf(
                    "in freed code: %d, not freed: %d, attention: %b, seen inside: %d%n",
                    inFreedCode, notFreed, Attention.isDue(), seenInside);
        }

        /** Calls until this thread is known as one of several. */
        private static void share(Piece piece) {
            Caller caller;
            do {
                caller = piece.way.enter();
                piece.way.exit(caller);
            } while (caller == null);
        }

        private void call() {
            for (Piece piece : pieces) {
                piece.way.exit(piece.way.enter());
            }
            Caller.add();
            known = Caller.current();
            ready = true;
            while (!begun) {
                Thread.onSpinWait();
            }
            pinning.pin(1);
            for (int i = 0; i < pieces.size(); i++) {
                Piece piece = pieces.get(i);
                current = i;
                try {
                    while (true) {
                        call(piece);
                    }
                } catch (IllegalStateException closed) {
                    assertThat(piece.gate.isClosed()).isTrue();
                }
            }
        }

        private void call(Piece piece) {
            for (int i = 0; i < DELAYS; i++) {
                place += 0x9E3779B9; // a golden section of the whole: no two lie near each other
                far[place >>> 6] = 1;
            }
            if (shared) {
                Caller caller = piece.way.enter();
                stay(piece);
                piece.way.exit(caller);
            } else if (piece.way.enterOwned() == 0) {
                throw new AssertionError("this thread is the owner");
            } else {
                stay(piece);
                piece.way.inside = false;
                piece.way.attend();
            }
        }

        private void stay(Piece piece) {
            boolean freed = false;
            for (int i = 1000; i >= 0; i--) {
                freed |= piece.freed != 0;
            }
            inFreedCode += freed ? 1 : 0;
        }
    }

    private static final class Piece {
        volatile int freed;
        final Gate gate;
        final Bound way;

        Piece(long address) {
            gate = new Gate("test", address, () -> freed = freed + 1);
            way = gate.way(new PlainWay(null));
        }
    }
}
