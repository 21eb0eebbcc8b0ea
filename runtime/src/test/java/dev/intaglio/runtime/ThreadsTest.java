package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.runtime.memory.MemoryMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many threads commit to one cache, run what others committed, patch it, and close it under each other. */
class ThreadsTest {
    private static final int JMP = 0xE9;
    private static final int THREADS = 4;
    private static final int LEAST_STEPS = 200;

    private static final class Run {
        final CodeCache cache;
        final Queue<Piece> shared = new ConcurrentLinkedQueue<>();
        final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        final AtomicLong commits = new AtomicLong();
        final AtomicLong calls = new AtomicLong();
        final long end = Races.end(1);
        final long seed;
        volatile boolean over;
        int looks;

        Run(CodeCache cache, long seed) {
            this.cache = cache;
            this.seed = seed;
        }

        /** Looks for mappings of the cache that are writable and executable at once; those of the JVM are its own affair. */
        void watch() {
            while (!over) {
                for (MemoryMap.Mapping mapping : MemoryMap.read().mappings()) {
                    boolean ours = mapping.path().contains("intaglio")
                            || mapping.start() < cache.address() + cache.size() && mapping.end() > cache.address();
                    if (ours && mapping.writableAndExecutable()) {
                        failures.add(new AssertionError("writable and executable: " + mapping));
                    }
                }
                looks++;
            }
        }

        void work(int thread) {
            Random random = new Random(seed + thread);
            try (CodeBuffer buffer = cache.newBuffer(4096)) {
                HandEmitter emitter = new HandEmitter(buffer);
                for (int n = 0; failures.isEmpty() && (n < LEAST_STEPS || System.nanoTime() < end); n++) {
                    step(random, emitter);
                }
            } catch (RuntimeException | Error e) {
                failures.add(e);
            }
        }

        private void step(Random random, HandEmitter emitter) {
            Piece piece = shared.poll();
            if (piece == null || random.nextInt(3) == 0 && shared.size() < 200) {
                shared.add(commit(random, emitter));
            }
            if (piece == null) {
                return;
            }
            try {
                long value = piece.call.getAsLong();
                if (value != piece.value) {
                    failures.add(new AssertionError("called " + piece.value + ", but got " + value));
                }
                calls.incrementAndGet();
                if (piece.site != null) {
                    piece.site.patch(piece.site.value());
                }
                if (random.nextInt(4) == 0) {
                    piece.code.close();
                    return;
                }
            } catch (IllegalStateException refused) {
                checkClosed(refused);
                return;
            }
            shared.add(piece);
            if (random.nextInt(8) == 0) {
                shared.add(piece); // another thread may call it at the same time, and close it
            }
        }

        private static void checkClosed(RuntimeException refused) {
            if (!Races.isOfClosed(refused)) {
                throw refused;
            }
        }

        private Piece commit(Random random, HandEmitter emitter) {
            long value = commits.incrementAndGet();
            CodeBuffer buffer = emitter.buffer();
            Piece target = shared.peek();
            buffer.reset();
            PatchSite site = null;
            if (target != null && random.nextBoolean()) {
                try {
                    long address = target.code.address();
                    if (random.nextBoolean()) {
                        site = new PatchSite();
                        emitter.patchBranch(site, JMP, address);
                    } else {
                        emitter.jumpAddress(address);
                    }
                    buffer.keep(target.code); // refuses what was closed between the two: its place may be another's
                    return new Piece(buffer.commit("jump"), target.value, site);
                } catch (IllegalStateException | EmissionException refused) {
                    checkClosed(refused);
                    buffer.reset();
                }
            }
            emitter.constant(0, value, false).hex("c3").nops(buffer.code(), random.nextInt(200));
            return new Piece(buffer.commit("constant"), value, null);
        }
    }

    private static final class Piece {
        final Code code;
        final LongSupplier call;
        final long value;
        final PatchSite site;

        Piece(Code code, long value, PatchSite site) {
            this.code = code;
            this.call = code.bind(LongSupplier.class);
            this.value = value;
            this.site = site;
        }
    }

    private static String run(CodeCache cache, long seed) throws InterruptedException {
        Run run = new Run(cache, seed);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            threads.add(new Thread(() -> run.work(number)));
        }
        Thread watcher = new Thread(run::watch);
        watcher.setDaemon(true);
        watcher.start();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        run.over = true;
        watcher.join();
        run.failures.forEach(Throwable::printStackTrace);
        run.shared.forEach(piece -> piece.code.close());
        CacheStatistics now = cache.statistics();
        return run.failures.size() + " failures, " + now.pieces() + " pieces and " + now.held() + " bytes left, "
                + (run.looks > 0 ? "" : "never looked, ")
                + (run.calls.get() > 100 && now.commits() > 100 ? "many calls" : "few calls");
    }

    private static long seed() {
        return Long.getLong("intaglio.seed", 4711);
    }

    private static final String GOOD = "0 failures, 0 pieces and 0 bytes left, many calls";

    @Test
    void threadsThatCommitCallPatchAndCloseDoNotDisturbEachOther() throws InterruptedException {
        long seed = seed();
        System.out.println("ThreadsTest seed " + seed);
        try (CodeCache cache = CodeCache.options().size(8 << 20).granule(16).create()) {
            assertThat(run(cache, seed)).as("seed %d", seed).isEqualTo(GOOD);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"anonymous", "switched", "hardened"})
    void norDoTheyInOtherMemory(String memory, @TempDir Path folder) {
        ChildJvm.Ending ending = new ChildJvm("-Dintaglio.memory=" + memory).run(folder, Child.class);
        assertThat(ending.output()).isEqualTo(GOOD + "\n");
        assertThat(ending.status()).isZero();
    }

    /** The same in a JVM of its own. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws InterruptedException {
            try (CodeCache cache = CodeCache.options().size(64 << 20).create()) {
                System.out.println(run(cache, seed()));
            }
        }
    }
}
