package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a system can refuse, refused to a child process: another way is taken, or the message says why there is none. */
class RefusedMemoryTest {
    @TempDir
    private Path folder;

    private String child(String... refused) {
        return new ChildJvm().run(folder, Program.class, refused).output();
    }

    @Test
    void withoutMemoryFilesProtectionIsSwitched() {
        assertThat(child("memfd"))
                .contains("switched page by page from writable to executable (as a memory file: memfd_create:"
                        + " operation not permitted (EPERM) because ")
                .contains("a seccomp filter forbids memfd_create")
                .contains("supported: true")
                .contains("sum 1225")
                .contains("writable and executable: false");
    }

    @Test
    void whereMemoryWithoutAFileMayNotBecomeExecutableCodeGoesToAFile() {
        assertThat(new ChildJvm("-Dintaglio.perfMap=" + folder)
                        .run(folder, Program.class, "mprotect")
                        .output())
                .containsPattern("memory     memory file, .* \\(as anonymous memory: mprotect: operation not permitted")
                .contains("sum 1225");
        assertThat(new ChildJvm("-Dintaglio.memory=anonymous")
                        .run(folder, Program.class, "mprotect")
                        .output())
                .contains("supported: false")
                .contains("as anonymous memory: mprotect: operation not permitted (EPERM)")
                .doesNotContain("as a memory file");
    }

    @Test
    void withoutAnyWayTheMessageNamesSettingAndRemedy() {
        assertThat(child("memfd", "mprotect"))
                .contains("supported: false")
                .contains("the system grants no executable memory")
                .contains("as a memory file: memfd_create: operation not permitted (EPERM) because")
                .contains("a seccomp filter forbids memfd_create")
                .contains("by switching protection: mprotect: operation not permitted (EPERM) because")
                .contains("ask CodeCache.isSupported()");
    }

    @Test
    void aCacheThatIsRefusedIsNoLeak() {
        assertThat(new ChildJvm("-Dintaglio.leaks=true")
                        .run(folder, Program.class, "memfd", "mprotect")
                        .output())
                .contains("supported: false")
                .doesNotContain("unreachable")
                .doesNotContain("open when the JVM ended");
    }

    @Test
    void codeWhoseMemoryCannotBeFreedIsToldAndNobodyElseFails() {
        assertThat(new ChildJvm("-Dintaglio.memory=switched")
                        .run(folder, Program.class, "free")
                        .output())
                .contains("sum 1225")
                .contains("closed quietly")
                .contains("code could not be freed, and its memory stays taken")
                .contains("the system refused to change the protection of code")
                .contains("unmapped: true");
    }

    @Test
    void memoryFilesThatMayNotBeExecutedAreNoWayEither() {
        assertThat(child("mmap"))
                .contains("switched page by page")
                .contains("sum 1225")
                .contains("writable and executable: false");
        assertThat(child("mmap", "mprotect"))
                .contains("supported: false")
                .contains("as a memory file: mmap: operation not permitted (EPERM)");
    }

    @Test
    void memoryFilesDoWithoutMprotect() {
        assertThat(child("mprotect")).contains("memory file").contains("sum 1225");
    }

    @Test
    void hardenedMemoryIsNotReplacedByAWeakerOne() {
        assertThat(child("memfd", "hardened"))
                .contains("memfd_create: operation not permitted")
                .contains("hardened memory was asked for, which is never writable");
    }

    @Test
    void withoutABarrierCallsGoOn() {
        assertThat(child("membarrier")).contains("barrier    none").contains("sum 1225");
    }

    @Test
    void codeIsFreedWhereTheBarrierIsTakenAway() {
        assertThat(child("later"))
                .contains("the kernel refuses membarrier, which it granted before")
                .contains("kept: 0")
                .contains("closed and refused")
                .contains("code of its own thread is freed: 0");
    }

    @Test
    void memoryThatIsRefusedLaterIsNoRoom() {
        assertThat(child("growth"))
                .contains("refused: the system refused the HOT region of the code cache")
                .contains("committed 7, the first is 7");
    }

    @Test
    void aLimitOfAddressSpaceIsNamed() {
        assertThat(child("addresses"))
                .contains("supported: false")
                .contains("out of memory or address space (ENOMEM) because the address space is limited to ")
                .contains("RLIMIT_AS, ulimit -v");
    }

    @Test
    void aLimitOfFileSizeLeavesSwitchedMemory() {
        assertThat(child("filesize")).contains("switched page by page").contains("sum 1225");
        assertThat(child("filesize", "hardened")).contains("files are limited to 4096 bytes (RLIMIT_FSIZE");
    }

    @Test
    void aProcessThatMayHaveNoMoreThreadsGoesWithout() {
        assertThat(child("threads"))
                .contains("supported: true")
                .contains("barrier    none")
                .contains("sum 1225");
    }

    @Test
    void aFolderWhereJnaCannotUnpackIsNamed() {
        String output = new ChildJvm("-Djna.tmpdir=/proc/self", "-Djna.nosys=true")
                .run(folder, Program.class, "detached")
                .output();
        assertThat(output)
                .contains("supported: false")
                .contains("JNA cannot load its native library: java.lang.UnsatisfiedLinkError: ")
                .contains("-Djna.tmpdir=FOLDER")
                .contains("detached: 3 bytes")
                .contains("limit of the stack: JNA cannot load its native library: ")
                .contains("again: JNA cannot load its native library: ");
    }

    @Test
    void whereNobodyMayStoreADetachedBufferSaysWhy() {
        assumeTrue(Runtime.version().feature() >= 24, "the option is of Java 24");
        String output = new ChildJvm(ChildJvm.DENYING)
                .run(folder, Program.class, "detached")
                .output();
        assertThat(output)
                .contains("detached: JNA cannot load its native library: ")
                .contains("--enable-native-access=ALL-UNNAMED");
    }

    /** Refuses itself what it is told, then makes a cache and runs fifty pieces. */
    static final class Program {
        private static final int RLIMIT_FSIZE = 1;
        private static final int RLIMIT_AS = 9;
        private static final int PROT_WRITE = 2;
        private static final int PROT_EXEC = 4;
        private static final int MAP_SHARED = 1;

        private Program() {}

        public static void main(String[] arguments) throws IOException, InterruptedException {
            List<String> refused = List.of(arguments);
            CodeCache.Options options = CodeCache.options().size(1 << 20);
            for (String what : refused) {
                switch (what) {
                    case "memfd" -> Seccomp.refuse(Seccomp.MEMFD_CREATE);
                    case "membarrier" -> Seccomp.refuse(Seccomp.MEMBARRIER);
                    case "threads" -> {
                        Seccomp.refuse(Seccomp.CLONE);
                        Seccomp.refuse(Seccomp.CLONE3);
                    }
                    case "mprotect" -> Seccomp.refuse(Seccomp.MPROTECT, 2, PROT_EXEC);
                    // The JVM itself maps private memory as executable, and must go on.
                    case "mmap" -> Seccomp.refuse(Seccomp.MMAP, 2, PROT_EXEC, 3, MAP_SHARED);
                    case "hardened" -> options.hardened();
                    case "addresses" -> {
                        options.size(1 << 30);
                        ResourceLimits.set(RLIMIT_AS, addresses() + (256L << 20));
                    }
                    case "free", "later", "growth", "detached" -> {} // later
                    case "filesize" -> ResourceLimits.set(RLIMIT_FSIZE, 4096);
                    default -> throw new IllegalArgumentException(what);
                }
            }
            System.out.println("supported: " + options.isSupported());
            try (CodeCache cache = options.create();
                    CodeBuffer buffer = cache.newBuffer()) {
                run(cache, buffer);
            } catch (UnsupportedOperationException e) {
                System.out.println(e.getMessage());
            }
            if (refused.contains("detached")) {
                try (CodeBuffer detached = CodeBuffer.detached(0)) {
                    new HandEmitter(detached).bytes(0x90, 0x90, 0xc3);
                    System.out.println("detached: " + detached.image().code().length + " bytes");
                } catch (UnsupportedOperationException e) {
                    System.out.println("detached: " + e.getMessage());
                }
                tellLimit("limit of the stack");
                tellLimit("again");
            }
            if (refused.contains("growth")) {
                emitWithoutGrowth();
            }
            if (refused.contains("free")) {
                closeWhatCannotBeFreed(options.create());
            }
            if (refused.contains("later")) {
                closeWithoutBarrier(options.create());
            }
        }

        private static void tellLimit(String time) {
            try {
                System.out.println(time + ": " + NativeStack.limit());
            } catch (UnsupportedOperationException e) {
                System.out.println(time + ": " + e.getMessage());
            }
        }

        /** A piece whose owner is another thread, which a barrier would have to ask. */
        private static void closeWithoutBarrier(CodeCache cache) throws InterruptedException {
            CodeBuffer buffer = cache.newBuffer();
            HandEmitter emitter = new HandEmitter(buffer);
            Code owned = emitter.constant(0, 7, false).hex("c3").commit("owned", buffer);
            LongSupplier function = owned.bind(LongSupplier.class);
            Thread owner = new Thread(() -> {
                function.getAsLong();
                function.getAsLong();
            });
            owner.start();
            owner.join();
            Seccomp.refuse(Seccomp.MEMBARRIER);
            owned.close();
            System.out.println("kept: " + cache.statistics().pieces());
            try {
                System.out.println(function.getAsLong());
            } catch (IllegalStateException e) {
                System.out.println("closed and refused");
            }
            Code mine = emitter.constant(0, 8, false).hex("c3").commit("mine", buffer);
            mine.bind(LongSupplier.class).getAsLong();
            mine.close();
            System.out.println(
                    "code of its own thread is freed: " + cache.statistics().pieces());
        }

        /** What is mapped must do. */
        private static void emitWithoutGrowth() {
            try (CodeCache cache = CodeCache.options().size(1 << 20).create()) {
                CodeBuffer buffer = cache.newBuffer(16 << 10);
                HandEmitter emitter = new HandEmitter(buffer);
                Code first = emitter.constant(0, 7, false).hex("c3").commit("first", buffer);
                Seccomp.refuse(Seccomp.MMAP, 2, PROT_EXEC, 3, MAP_SHARED);
                try {
                    for (int i = 0; i < 50; i++) {
                        emitter.nops(buffer.code(), 10_000).commit("piece", buffer);
                    }
                } catch (CodeBufferException e) {
                    System.out.println("refused: " + e.getMessage());
                }
                System.out.println("committed " + cache.statistics().commits() + ", the first is " + first.call());
            }
        }

        private static void closeWhatCannotBeFreed(CodeCache cache) {
            CodeBuffer buffer = cache.newBuffer();
            Code code = new HandEmitter(buffer).hex("c3").commit("stuck", buffer);
            Seccomp.refuse(Seccomp.MPROTECT, 2, PROT_WRITE);
            code.close();
            System.out.println("closed quietly");
            buffer.close();
            cache.close();
            System.out.println("unmapped: " + Mappings.at(cache.address()).isEmpty());
        }

        private static void run(CodeCache cache, CodeBuffer buffer) {
            HandEmitter emitter = new HandEmitter(buffer);
            long sum = 0;
            boolean both = false;
            for (int i = 0; i < 50; i++) {
                Code code = emitter.constant(0, i, false).hex("c3").commit("piece", buffer);
                sum += code.call();
                both |= Mappings.at(code.address()).orElseThrow().writableAndExecutable();
            }
            System.out.print(cache.describe());
            System.out.println("sum " + sum + ", writable and executable: " + both);
        }

        private static long addresses() throws IOException {
            return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[0]) * 4096;
        }
    }
}
