package dev.intaglio.runtime.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.runtime.ChildJvm;
import dev.intaglio.runtime.Races;
import dev.intaglio.runtime.Seccomp;
import dev.intaglio.runtime.memory.Cores;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gates are closed while their owners go in and out, whose stores only a barrier orders. */
class OwnerRaceTest {
    @TempDir
    private Path folder;

    @Test
    void ownersAreNotInsideFreedCode() {
        assertThat(child("granted")).contains("in freed code: 0, not freed: 0, attention: false");
    }

    /** Where the kernel refuses the barrier that it granted before. */
    @Test
    void norWhereTheBarrierIsLost() {
        assertThat(child("refused"))
                .contains("the kernel refuses membarrier, which it granted before")
                .contains("in freed code: 0, not freed: 0, attention: false");
    }

    private String child(String barrier) {
        ChildJvm.Ending ending = new ChildJvm("-XX:TieredStopAtLevel=4", "-Xmx1g").run(folder, Program.class, barrier);
        return ending.output();
    }

    /** Closes gates while their owner goes in and out. */
    static final class Program {
        private static final int OWNED = 20_000;

        private volatile int current = -1;
        private volatile int reached = -1;
        private volatile boolean begun;
        private List<Piece> pieces = List.of();
        private int inFreedCode;
        private long seenInside;

        private Program() {}

        public static void main(String[] arguments) throws InterruptedException {
            if (!Cores.synchronize()) {
                throw new IllegalStateException("there is no barrier to lose");
            }
            new Program().race(arguments[0].equals("refused"));
        }

        private void race(boolean refusing) throws InterruptedException {
            int count = (int) (OWNED
                    * Math.min(50, Races.seconds(1))); // all before the barrier is lost: later there are no owners
            List<Piece> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                all.add(new Piece());
            }
            pieces = all;
            Thread owner = new Thread(this::own);
            owner.start();
            while (reached < 0) {
                Thread.onSpinWait();
            }
            if (refusing) {
                Seccomp.refuse(Seccomp.MEMBARRIER);
            }
            begun = true;
            Random random = new Random(1);
            for (int i = 0; i < count; i++) {
                while (current < i && owner.isAlive()) {
                    Thread.onSpinWait();
                }
                Piece piece = pieces.get(i);
                for (int look = 1 + random.nextInt(1000); look > 0; look--) {
                    seenInside +=
                            piece.way.isInside() ? 1 : 0; // takes the cache line, so that stores to it are seen late
                }
                piece.gate.close();
            }
            owner.join();
            long notFreed = pieces.stream().filter(piece -> piece.freed != 1).count();
            System.out.printf(
                    "in freed code: %d, not freed: %d, attention: %b, seen inside: %d%n",
                    inFreedCode, notFreed, Attention.isDue(), seenInside);
        }

        private void own() {
            for (Piece piece : pieces) {
                piece.way.enter();
                piece.way.exit();
            }
            reached = 0;
            while (!begun) {
                Thread.onSpinWait();
            }
            for (int i = 0; i < pieces.size(); i++) {
                current = i;
                try {
                    while (true) {
                        call(pieces.get(i));
                    }
                } catch (IllegalStateException closed) {
                    reached = i;
                }
            }
        }

        private void call(Piece piece) {
            if (piece.way.enterOwned() == 0) {
                throw new AssertionError("this thread is the owner");
            }
            boolean freed = false;
            for (int i = 0; i < 20; i++) {
                freed |= piece.freed != 0;
            }
            inFreedCode += freed ? 1 : 0;
            piece.way.inside = false;
            piece.way.attend();
        }
    }

    private static final class Piece {
        volatile int freed;
        final Gate gate = new Gate("test", 0x1000, () -> freed = freed + 1);
        final Bound way = gate.way(new Way(null));
    }

    private static final class Way extends Bound {
        Way(Gate gate) {
            super(gate);
        }

        @Override
        protected Bound to(Gate other) {
            return new Way(other);
        }
    }
}
