package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.intaglio.runtime.memory.MemoryMap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What is written for perf and GDB says what was emitted, as these read it. */
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
class NativeToolsTest {
    @TempDir
    private Path folder;

    /** Commits two pieces and prints where they are. */
    static final class Committing {
        private Committing() {}

        public static void main(String[] arguments) throws IOException {
            try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                    CodeBuffer buffer = cache.newBuffer().withListing();
                    CodeBuffer plain = cache.newBuffer()) {
                HandEmitter emitter = new HandEmitter(buffer);
                Label loop = buffer.newLabel("loop");
                emitter.bind(loop);
                emitter.jump(loop);
                int move = emitter.code.size();
                emitter.constant(0, 0x1122334455667788L, false);
                emitter.note(0, move, 0x1122334455667788L);
                HandEmitter other = new HandEmitter(plain);
                other.bytes(0xc3).bytes(other.cold, 0x90, 0xc3);
                try (Code spin = buffer.commit("spin");
                        Code cold = plain.commit("has cold")) {
                    System.out.println(ProcessHandle.current().pid() + " " + spin.address() + " " + cold.address() + " "
                            + cold.parts().get(1).address());
                    if (arguments.length > 0) {
                        CodeRegistry.writeSymbols(Path.of(arguments[0]));
                    }
                }
            }
        }
    }

    private List<Long> printed(ChildJvm.Ending ending) {
        assertThat(ending.status()).as(ending.output()).isZero();
        return Stream.of(ending.output().strip().split(" "))
                .map(Long::parseLong)
                .toList();
    }

    // ---- perf

    /** Commits and calls a piece, patches it, and prints how all memory of the runtime's is mapped. */
    static final class Mapped {
        private Mapped() {}

        public static void main(String[] arguments) {
            try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                    CodeBuffer buffer = cache.newBuffer()) {
                PatchSite site = new PatchSite();
                HandEmitter emitter = new HandEmitter(buffer).patchConstant(site, 0, 8, 41);
                emitter.bytes(0xc3).bytes(emitter.data, 1);
                Code code = buffer.commit("patched");
                LongSupplier function = code.bind(LongSupplier.class);
                System.out.print(function.getAsLong());
                site.patch(42);
                System.out.println(" " + function.getAsLong());
                long hot = code.address();
                long data = code.parts().get(code.parts().size() - 1).address();
                for (MemoryMap.Mapping mapping : MemoryMap.read().mappings()) {
                    boolean isHot = hot >= mapping.start() && hot < mapping.end();
                    boolean isData = data >= mapping.start() && data < mapping.end();
                    if (isHot || isData || mapping.path().contains("/dev/zero")) {
                        System.out.println((isHot ? "hot " : isData ? "data " : "") + mapping.permissions() + " "
                                + mapping.path());
                    }
                }
            }
        }
    }

    /** map__new in tools/perf/util/map.c: anonymous is what has no path, or one that begins with /dev/zero. */
    @Test
    void codeIsMappedSoThatPerfLooksForItsNames() {
        ChildJvm.Ending ending = new ChildJvm("-Dintaglio.perfMap=" + folder).run(folder, Mapped.class);
        assertThat(ending.output().lines().map(String::strip))
                .startsWith("41 42")
                .contains(
                        "hot r-xs /dev/zero (deleted)",
                        "rw-s /dev/zero (deleted)",
                        "r-xs /dev/zero (deleted)",
                        "data rw-p")
                .noneMatch(line -> line.contains("wx"));
    }

    @Test
    void whereMemoryIsHardenedTheNamesAreWrittenAllTheSame() {
        ChildJvm.Ending ending =
                new ChildJvm("-Dintaglio.perfMap=" + folder, "-Dintaglio.memory=hardened").run(folder, Mapped.class);
        assertThat(ending.output().lines())
                .contains("41 42")
                .anyMatch(line -> line.matches("hot r-xs /memfd:intaglio.*"));
        assertThat(folder.toFile().listFiles()).hasSize(1);
    }

    @Test
    void theFileThatHotSpotWritesIsLeftToIt() throws IOException {
        String[] dumping = {"-XX:+UnlockDiagnosticVMOptions", "-XX:+DumpPerfMapAtExit", "-Dintaglio.perfMap="};
        ChildJvm.Ending ending = new ChildJvm(dumping[0], dumping[1], dumping[2] + "/tmp/.").run(folder, Twice.class);
        Path file =
                Path.of("/tmp", "perf-" + ending.output().lines().findFirst().orElseThrow() + ".map");
        assertThat(ending.output()).containsOnlyOnce("nothing is written to").contains("leave out " + dumping[1]);
        assertThat(file).content().doesNotContain(" piece").contains("Interpreter");
        Files.delete(file);
        ending = new ChildJvm(dumping[0], dumping[1], dumping[2] + folder).run(folder, Twice.class);
        file = Path.of("/tmp", "perf-" + ending.output().strip() + ".map");
        Path ours = folder.resolve(file.getFileName());
        assertThat(file).content().contains("Interpreter");
        Files.delete(file);
        assertThat(ours).content().contains(" piece");
    }

    /** Prints its number, and commits in two caches. */
    static final class Twice {
        private Twice() {}

        public static void main(String[] arguments) {
            System.out.println(ProcessHandle.current().pid());
            for (int i = 0; i < 2; i++) {
                try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                        CodeBuffer buffer = cache.newBuffer()) {
                    new HandEmitter(buffer).hex("c3").commit("piece", buffer);
                }
            }
        }
    }

    /** Commits before and after HotSpot writes the file, and prints its number. */
    static final class Asking {
        private Asking() {}

        public static void main(String[] arguments) throws IOException, InterruptedException {
            long pid = ProcessHandle.current().pid();
            try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                    CodeBuffer buffer = cache.newBuffer()) {
                new HandEmitter(buffer).hex("c3").commit("earlier", buffer);
                Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
                new ProcessBuilder(jcmd.toString(), Long.toString(pid), "Compiler.perfmap")
                        .start()
                        .waitFor();
                new HandEmitter(buffer).hex("c3").commit("later", buffer);
            }
            System.out.println(pid);
        }
    }

    @Test
    void whatIsCommittedBehindHotSpotsNamesLeavesThemWhole() throws IOException {
        ChildJvm.Ending ending = new ChildJvm("-Dintaglio.perfMap=/tmp").run(folder, Asking.class);
        Path file = Path.of("/tmp", "perf-" + ending.output().strip() + ".map");
        List<String> lines = Files.readAllLines(file);
        Files.delete(file);
        assertThat(lines)
                .allMatch(line -> line.matches("(0x)?[0-9a-f]+ (0x)?[0-9a-f]+ .+"))
                .anyMatch(line -> line.endsWith(" Interpreter"));
        assertThat(lines.get(lines.size() - 1)).endsWith(" later");
    }

    @Test
    void theDumpHasLinesBytesAndNames() throws IOException {
        List<Long> printed = printed(new ChildJvm("-Dintaglio.jitDump=" + folder).run(folder, Committing.class));
        ByteBuffer dump = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("jit-" + printed.get(0) + ".dump")))
                .order(ByteOrder.LITTLE_ENDIAN);
        assertThat(dump.getInt()).isEqualTo(0x4A695444);
        assertThat(dump.getInt()).as("version").isEqualTo(1);
        assertThat(dump.getInt()).as("size of the header").isEqualTo(40);
        assertThat(dump.getInt()).as("EM_X86_64").isEqualTo(62);
        dump.getInt();
        assertThat(dump.getInt()).as("process").isEqualTo(printed.get(0).intValue());
        dump.position(40);
        List<String> records = new ArrayList<>();
        long last = 0;
        while (dump.hasRemaining()) {
            int start = dump.position();
            int id = dump.getInt();
            int size = dump.getInt();
            long time = dump.getLong();
            assertThat(time).isGreaterThanOrEqualTo(last);
            last = time;
            records.add(id == 2 ? lines(dump) : load(dump));
            assertThat(dump.position()).isEqualTo(start + size);
        }
        long spin = printed.get(1);
        assertThat(records.subList(0, 3))
                .satisfiesExactly(
                        first -> assertThat(first).matches("intaglio environment at \\d+ number 0: 4 bytes"),
                        second -> assertThat(second).matches("intaglio register at \\d+ number 1: 20 bytes"),
                        third -> assertThat(third).matches("intaglio trampoline at \\d+ number 2: 14 bytes"));
        assertThat(records.subList(3, records.size()))
                .containsExactly(
                        "lines of " + spin + ": " + spin + " Hand.java:7, " + (spin + 2) + " Hand.java:8",
                        "spin at " + spin + " number 3: 12 bytes",
                        "has cold at " + printed.get(2) + " number 4: 1 bytes",
                        "has cold.cold at " + printed.get(3) + " number 5: 2 bytes");
    }

    private static String lines(ByteBuffer dump) {
        StringBuilder text = new StringBuilder("lines of " + dump.getLong() + ":");
        long count = dump.getLong();
        for (int i = 0; i < count; i++) {
            long address = dump.getLong();
            int line = dump.getInt();
            dump.getInt();
            text.append(i == 0 ? " " : ", ")
                    .append(address)
                    .append(' ')
                    .append(text(dump))
                    .append(':')
                    .append(line);
        }
        return text.toString();
    }

    private static String load(ByteBuffer dump) {
        dump.getLong();
        long vma = dump.getLong();
        assertThat(dump.getLong()).isEqualTo(vma);
        long size = dump.getLong();
        long index = dump.getLong();
        String name = text(dump);
        dump.position(dump.position() + (int) size);
        return name + " at " + vma + " number " + index + ": " + size + " bytes";
    }

    private static String text(ByteBuffer bytes) {
        StringBuilder text = new StringBuilder();
        for (byte c = bytes.get(); c != 0; c = bytes.get()) {
            text.append((char) c);
        }
        return text.toString();
    }

    /** Calls a piece that takes nine arguments and gives back where it returns to. */
    static final class Calling {
        private Calling() {}

        public static void main(String[] arguments) throws IOException {
            try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                    CodeBuffer buffer = cache.newBuffer()) {
                new HandEmitter(buffer).hex("488b0424 c3"); // mov rax, [rsp]; ret
                Code code = buffer.commit("caller");
                long caller = code.bind(Nine.class).call(1, 2, 3, 4, 5, 6, 7, 8, 9);
                System.out.println(ProcessHandle.current().pid() + " " + caller);
                System.out.println(CodeRegistry.lookup(caller).orElseThrow());
            }
        }
    }

    @Test
    void whatACallGoesThroughHasAName() throws IOException {
        ChildJvm.Ending ending =
                new ChildJvm("-Dintaglio.perfMap=" + folder, "-Dintaglio.symbols=" + folder).run(folder, Calling.class);
        List<String> lines = ending.output().lines().toList();
        assertThat(lines).as(ending.output()).hasSize(2);
        String[] printed = lines.get(0).split(" ");
        long caller = Long.parseLong(printed[1]);
        assertThat(lines.get(1)).startsWith("intaglio trampoline (JJJJJJJJJ)J+0x");
        long start = caller - Long.decode(lines.get(1).substring(lines.get(1).indexOf("0x")));
        assertThat(folder.resolve("perf-" + printed[0] + ".map"))
                .content()
                .containsPattern("(?m)^" + Long.toHexString(start) + " \\w+ intaglio_trampoline_\\(JJJJJJJJJ\\)J$");
        ByteBuffer elf = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("intaglio-" + printed[0] + ".elf")));
        assertThat(symbols(elf.order(ByteOrder.LITTLE_ENDIAN)))
                .containsEntry("intaglio trampoline (JJJJJJJJJ)J", start);
    }

    // ---- GDB

    @Test
    void theSymbolsAreThoseOfTheCode() throws IOException {
        Path file = folder.resolve("symbols.elf");
        List<Long> printed = printed(new ChildJvm().run(folder, Committing.class, file.toString()));
        Map<String, Long> symbols =
                symbols(ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN));
        assertThat(symbols)
                .containsEntry("spin", printed.get(1))
                .containsEntry("has cold", printed.get(2))
                .containsEntry("has cold.cold", printed.get(3));
    }

    @Test
    void theFileIsThereWhenTheJvmHasEnded() throws IOException {
        List<Long> printed = printed(new ChildJvm("-Dintaglio.symbols=" + folder).run(folder, Committing.class));
        assertThat(folder.resolve("intaglio-" + printed.get(0) + ".elf")).exists();
    }

    @Test
    void debuggersKnowTheLine() throws IOException, InterruptedException {
        assumeThat(Path.of("/usr/bin/gdb")).exists();
        Path file = folder.resolve("symbols.elf");
        List<Long> printed = printed(new ChildJvm().run(folder, Committing.class, file.toString()));
        Process gdb = new ProcessBuilder(
                        "/usr/bin/gdb",
                        "-nx",
                        "-q",
                        "-batch",
                        "-ex",
                        "add-symbol-file " + file,
                        "-ex",
                        "info symbol " + (printed.get(1) + 3),
                        "-ex",
                        "info line *" + (printed.get(1) + 2))
                .redirectErrorStream(true)
                .start();
        String said = new String(gdb.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        gdb.waitFor();
        assertThat(said).contains("spin + 3 in section .text", "Line 8 of \"Hand.java\" starts at address");
    }

    /** Names and addresses of the file's symbols. */
    private static Map<String, Long> symbols(ByteBuffer elf) {
        assertThat(elf.getInt(0)).isEqualTo(0x464c457f);
        int headers = (int) elf.getLong(40);
        Map<String, Long> found = new HashMap<>();
        for (int section = 0; section < elf.getShort(60); section++) {
            int header = headers + 64 * section;
            if (elf.getInt(header + 4) != 2) {
                continue;
            }
            int symbols = (int) elf.getLong(header + 24);
            int strings = (int) elf.getLong(headers + 64 * elf.getInt(header + 40) + 24);
            for (int at = symbols + 24; at < symbols + elf.getLong(header + 32); at += 24) {
                found.put(text(elf.duplicate().position(strings + elf.getInt(at))), elf.getLong(at + 8));
            }
        }
        return found;
    }
}
