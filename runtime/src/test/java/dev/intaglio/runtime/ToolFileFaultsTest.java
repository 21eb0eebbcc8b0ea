package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files for native tools that cannot be made or continued harm no code. */
class ToolFileFaultsTest {
    private static final List<String> ALL = List.of("intaglio.perfMap", "intaglio.jitDump", "intaglio.symbols");

    @TempDir
    private Path folder;

    private ChildJvm.Ending child(String property, Path where, String... arguments) {
        return new ChildJvm("-D" + property + "=" + where).run(folder, Program.class, arguments);
    }

    @ParameterizedTest
    @ValueSource(strings = {"intaglio.perfMap", "intaglio.jitDump", "intaglio.symbols"})
    void aFolderThatCannotBeWrittenIsNamedWhenTheCacheIsMade(String property) {
        // No file can be made in /proc, nor in a folder that is not there, by whomever.
        for (Path where : List.of(Path.of("/proc/self"), folder.resolve("absent"))) {
            ChildJvm.Ending ending = child(property, where);
            assertThat(ending.output())
                    .contains("supported: true")
                    .contains("refused: " + where)
                    .contains("as the system property " + property + " asks; name a folder that exists")
                    .contains("refused again: " + where);
            assertThat(ending.status()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"intaglio.perfMap", "intaglio.jitDump", "intaglio.symbols"})
    void aFileThatCannotGrowIsEndedOnceAndCodeGoesOn(String property) {
        ChildJvm.Ending ending = child(property, folder, "full");
        assertThat(ending.output()).contains("sum 124750, pieces 0");
        assertThat(ending.output().split("nothing further is written to " + folder, -1))
                .as(ending.output())
                .hasSize(2);
        assertThat(ending.status()).isZero();
    }

    @Test
    void anInterruptedThreadWritesOn() throws IOException {
        for (String property : ALL) {
            ChildJvm.Ending ending = child(property, folder, "interrupted");
            assertThat(ending.output())
                    .as(property)
                    .contains("sum 124750, pieces 0")
                    .doesNotContain("nothing further");
        }
        try (var files = Files.list(folder)) {
            assertThat(files.filter(file -> file.toString().matches(".*(map|dump|elf)"))
                            .toList())
                    .hasSize(3)
                    .allSatisfy(file -> assertThat(Files.size(file)).isPositive())
                    .filteredOn(file -> !file.toString().endsWith("elf")) // which names only what is still open
                    .allSatisfy(file -> assertThat(Files.size(file)).isGreaterThan(500 * 10));
        }
    }

    /** Commits and runs five hundred pieces while that is made difficult. */
    static final class Program {
        private static final int RLIMIT_FSIZE = 1;

        private Program() {}

        public static void main(String[] arguments) throws InterruptedException {
            System.out.println("supported: " + CodeCache.isSupported());
            try (CodeCache cache = CodeCache.options().size(16 << 20).create()) {
                run(cache, List.of(arguments));
            } catch (UncheckedIOException e) {
                System.out.println("refused: " + e.getMessage());
                try {
                    CodeCache.create();
                } catch (UncheckedIOException again) {
                    System.out.println("refused again: " + again.getMessage());
                }
            }
        }

        private static void run(CodeCache cache, List<String> faults) throws InterruptedException {
            long sum = 0;
            try (CodeBuffer buffer = cache.newBuffer()) {
                HandEmitter emitter = new HandEmitter(buffer);
                try (Code prepared = emitter.hex("31c0c3").commit("prepared", buffer)) {
                    prepared.call(); // what calls it is written to a file as well
                }
                if (faults.contains("full")) {
                    ResourceLimits.set(RLIMIT_FSIZE, 64);
                }
                if (faults.contains("interrupted")) {
                    Thread.currentThread().interrupt();
                }
                Code last = emitter.hex("31c0c3").commit("first", buffer);
                for (int i = 0; i < 500; i++) {
                    Code code = emitter.constant(0, i, false).hex("c3").commit("piece", buffer);
                    sum += code.call();
                    last.close();
                    last = code;
                }
                if (faults.contains("full")) {
                    Thread.sleep(500); // the symbols are written after a while
                }
                last.close();
            }
            System.out.println("sum " + sum + ", pieces " + cache.statistics().pieces());
        }
    }
}
