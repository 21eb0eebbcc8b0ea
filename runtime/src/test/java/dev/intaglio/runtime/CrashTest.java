package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is left of a JVM whose emitted code branched to where it should not. */
class CrashTest {
    /** Where control was, and where it came from if nothing was there. */
    private static final Pattern FRAME = Pattern.compile("Problematic frame:\\R# C\\s+0x([0-9a-f]+)");

    /** A line of the map of names. */
    private record Named(long address, long size, String name) {
        static Named parse(String line) {
            String[] words = line.split(" ");
            return new Named(Long.parseLong(words[0], 16), Long.parseLong(words[1], 16), words[2]);
        }
    }

    @ParameterizedTest
    @CsvSource({"null, wild_jump", "middle, victim", "behind, runaway"})
    void theReportAndTheMapOfNamesTellThePiece(String fault, String piece, @TempDir Path folder) throws IOException {
        ChildJvm.Ending ending = new ChildJvm(
                        "-Dintaglio.perfMap=" + folder,
                        "-XX:ErrorFile=" + folder.resolve("error.log"),
                        "-XX:-CreateCoredumpOnCrash")
                .run(folder, Program.class, fault);
        assertThat(ending.status()).as(ending.output()).isNotZero();
        assertThat(ending.output()).contains("SIGSEGV");
        String report = Files.readString(folder.resolve("error.log"));
        assertThat(report).contains("/dev/zero (deleted)");
        assertThat(name(folder, place(report))).contains(piece);
    }

    private static long place(String report) {
        Matcher frame = FRAME.matcher(report);
        assertThat(frame.find())
                .as(report.lines().limit(12).toList().toString())
                .isTrue();
        return Long.parseLong(frame.group(1), 16);
    }

    /** The last named piece of which the address is a part, or the filling behind it. */
    private static Optional<String> name(Path folder, long address) throws IOException {
        Path map;
        try (var files = Files.list(folder)) {
            map = files.filter(file -> file.getFileName().toString().matches("perf-\\d+\\.map"))
                    .findFirst()
                    .orElseThrow();
        }
        return Files.readAllLines(map).stream()
                .map(Named::parse)
                .filter(named -> address >= named.address() && address < named.address() + (named.size() + 63 & -64))
                .reduce((first, last) -> last)
                .map(Named::name);
    }

    /** Runs into what it was told. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            CodeCache cache = CodeCache.options().size(1 << 20).create();
            CodeBuffer buffer = cache.newBuffer();
            HandEmitter emitter = new HandEmitter(buffer);
            emitter.hex("31c0c3").commit("innocent", buffer).call();
            switch (arguments[0]) {
                // xor eax, eax; call rax
                case "null" ->
                    emitter.hex("4883ec08 31c0 ffd0 4883c408 c3")
                            .commit("wild jump", buffer)
                            .call();
                case "middle" -> {
                    // The jump lands in the immediate of another piece's instruction: hlt.
                    Code victim = emitter.hex("b8f4f4f4f4 c3").commit("victim", buffer);
                    emitter.jumpAddress(victim.address() + 1)
                            .commit("stray", buffer)
                            .call();
                }
                default -> emitter.hex("90").commit("runaway", buffer).call();
            }
            System.out.println("still alive");
        }
    }
}
