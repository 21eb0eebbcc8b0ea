package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A buffer is closed by another thread while its owner commits: the piece is whole, or it was refused. */
class BufferCloseRaceTest {
    private static final int LONG = 3000;

    /** What the owner got. */
    private static final class Commit implements Runnable {
        private final CodeCache cache;
        private final CountDownLatch emitted = new CountDownLatch(1);
        private final AtomicReference<Code> code = new AtomicReference<>();
        private volatile CodeBuffer buffer;
        private volatile RuntimeException refusal;
        private volatile boolean begin;

        Commit(CodeCache cache) {
            this.cache = cache;
        }

        @Override
        public void run() {
            buffer = cache.newBuffer(4096);
            emit(buffer, 111);
            emitted.countDown();
            while (!begin) {
                Thread.onSpinWait();
            }
            try {
                code.set(buffer.commit("owner's"));
            } catch (IllegalStateException e) {
                refusal = e;
            }
        }
    }

    @Test
    void noTwoPiecesGetOnePlace() throws InterruptedException {
        long end = Races.end(0.5);
        try (CodeCache cache = CodeCache.options().size(1 << 20).create()) {
            for (int round = 0; round < 50 || System.nanoTime() < end; round++) {
                Commit commit = new Commit(cache);
                Thread owner = new Thread(commit);
                owner.start();
                commit.emitted.await();
                commit.begin = true;
                for (int i = round % 400; i > 0; i--) {
                    Thread.onSpinWait();
                }
                commit.buffer.close();
                try (CodeBuffer mine = cache.newBuffer(4096)) {
                    emit(mine, 222);
                    Code second = mine.commit("mine");
                    owner.join();
                    Code first = commit.code.get();
                    assertThat(second.call()).isEqualTo(222);
                    if (first == null) {
                        assertThat(commit.refusal).hasMessage("the buffer is closed");
                    } else {
                        assertThat(first.call()).isEqualTo(111);
                        first.close();
                    }
                    second.close();
                }
            }
            assertThat(cache.statistics().held()).isZero();
        }
    }

    private static void emit(CodeBuffer buffer, long value) {
        new HandEmitter(buffer).constant(0, value, false).hex("c3").nops(buffer.code(), LONG);
    }
}
