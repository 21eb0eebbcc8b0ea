package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {
    @TempDir
    private Path folder;

    /** The first cache of a JVM. */
    static final class Main {
        public static void main(String[] arguments) {
            try (CodeCache cache = CodeCache.options().size(1 << 15).create()) {
                CacheStatistics statistics = cache.statistics();
                System.out.println("pieces " + statistics.pieces() + ", commits " + statistics.commits() + ", held "
                        + statistics.held() + ", found "
                        + CodeRegistry.lookup(cache.address()).isPresent());
            }
        }
    }

    /** A process that may not use the barrier any more, which is told where somebody wants it. */
    static final class Unbarred {
        private static final int LENGTH = 32 << 10;

        public static void main(String[] arguments) {
            try (CodeCache cache = CodeCache.create()) {
                cache.describe(); // the kernel has answered by now
                Seccomp.refuse(Seccomp.MEMBARRIER);
                for (String which : new String[] {"first", "second"}) {
                    try (CodeBuffer buffer = cache.newBuffer()) { // the same window each time
                        new HandEmitter(buffer).nops(buffer.code(), LENGTH).bytes(0xc3);
                        buffer.commit(which).close();
                        System.out.println("the " + which);
                    }
                }
            }
        }
    }

    @Test
    void theFirstPieceNeedsNoBarrier() {
        String output = new ChildJvm().run(folder, Unbarred.class).output();
        assertThat(output)
                .startsWith("the first")
                .contains("the kernel refuses membarrier")
                .endsWith("the second\n");
    }

    /** In the thread of its own an exception would only make the first piece slow. */
    @Test
    void emissionGoesThrough() {
        try (CodeBuffer detached = CodeBuffer.detached(1L << 40)) {
            assertThatCode(() -> Rehearsal.emit(detached)).doesNotThrowAnyException();
            assertThat(detached.size()).isZero();
        }
    }

    @Test
    void nobodySeesIt() throws Exception {
        ChildJvm.Ending ending =
                new ChildJvm("-Dintaglio.perfMap=" + folder, "-Dintaglio.leaks=true").run(folder, Main.class);
        assertThat(ending.output().strip()).isEqualTo("pieces 0, commits 0, held 0, found false");
        try (var files = Files.list(folder)) {
            assertThat(files)
                    .allSatisfy(file -> assertThat(Files.readAllLines(file))
                            .allMatch(line -> line.contains(" intaglio_"), "what calls go through"));
        }
    }
}
