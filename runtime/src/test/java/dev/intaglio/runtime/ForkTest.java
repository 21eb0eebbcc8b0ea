package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a forked child runs while its parent goes on. */
class ForkTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"file", "hardened", "anonymous", "switched"})
    void aChildRunsTheCodeThatWasThereWhateverItsParentDoes(String memory) {
        assertThat(run(memory, Program.class).output()).isEqualTo("the parent has 42, its child 41\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "hardened", "anonymous", "switched"})
    void aForkSeesPiecesAndPatchesInTheOrderOfTheirMaking(String memory) {
        assertThat(run(memory, Race.class).output()).startsWith("forked ").endsWith(" times\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "hardened", "anonymous", "switched"})
    void whatAChildCommitsPatchesAndClosesDoesNotReachItsParent(String memory) {
        ChildJvm.Ending ending = new ChildJvm("-Xint", "-Dintaglio.memory=" + memory).run(folder, Writing.class);
        assertThat(ending.output()).isEqualTo("""
                in the child: commit refused, patch refused, 41, closed
                in the parent: 41
                """);
    }

    private ChildJvm.Ending run(String memory, Class<?> main) {
        return new ChildJvm("-Dintaglio.memory=" + memory).run(folder, main);
    }

    /** A piece that forks, and in whose child another one is called when a byte is there to be read; its result is the status. */
    private static Code forking(HandEmitter emitter, CodeBuffer buffer, Code called) {
        Label parent = new Label("parent");
        emitter.hex("53 89fb") // push rbx; mov ebx, edi
                .callAddress(address("fork"))
                .hex("85c0") // test eax, eax
                .branch(5, parent)
                .hex("4883ec10 89df 4889e6 ba01000000") // sub rsp, 16; mov edi, ebx; mov rsi, rsp; mov edx, 1
                .callAddress(address("read"))
                .callAddress(called.address())
                .hex("89c7") // mov edi, eax
                .callAddress(address("_exit"))
                .bind(parent)
                .hex("5bc3"); // pop rbx; ret
        return emitter.commit("forking", buffer);
    }

    private static Function function(String name) {
        return NativeLibrary.getProcess().getFunction(name);
    }

    private static long address(String name) {
        return Pointer.nativeValue(function(name));
    }

    private static int[] pipe() {
        try (Memory ends = new Memory(8)) {
            function("pipe").invokeInt(new Object[] {ends});
            return ends.getIntArray(0, 2);
        }
    }

    /** Lets a child go on. */
    private static void let(int[] pipe) {
        function("write").invokeInt(new Object[] {pipe[1], "!", 1L});
    }

    /** What a child's piece gave. */
    private static String ending(long child) {
        try (Memory status = new Memory(4)) {
            function("waitpid").invokeInt(new Object[] {(int) child, status, 0});
            int signal = status.getInt(0) & 0x7f;
            return signal == 0 ? Integer.toString(status.getInt(0) >> 8) : "signal " + signal;
        }
    }

    /** Closes and replaces what a child is in. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            try (CodeCache cache = CodeCache.options().size(4 << 20).create();
                    CodeBuffer buffer = cache.newBuffer(64 << 10)) {
                HandEmitter emitter = new HandEmitter(buffer);
                PatchSite site = new PatchSite("answer");
                Code answer = emitter.patchConstant(site, 0, 8, 41).hex("c3").commit("answer", buffer);
                Code forking = forking(emitter, buffer, answer);
                int[] pipe = pipe();
                long child = forking.call(pipe[0]);
                site.patch(42);
                System.out.print("the parent has " + answer.call());
                forking.close();
                answer.close();
                let(pipe);
                System.out.println(", its child " + ending(child));
            }
        }
    }

    /** Has a child write; its Java has no other thread, so it must not wait for a collector or a compiler. */
    static final class Writing {
        private Writing() {}

        public static void main(String[] arguments) {
            try (CodeCache cache = CodeCache.options().size(4 << 20).create();
                    CodeBuffer buffer = cache.newBuffer(64 << 10)) {
                HandEmitter emitter = new HandEmitter(buffer);
                PatchSite site = new PatchSite("answer");
                Code answer = emitter.patchConstant(site, 0, 8, 41).hex("c3").commit("answer", buffer);
                answer.call();
                emitter.hex("c3");
                int child = function("fork").invokeInt(new Object[0]);
                if (child == 0) {
                    function("alarm").invokeInt(new Object[] {20});
                    System.out.print("in the child: commit " + outcome(() -> buffer.commit("late")));
                    System.out.print(", patch " + outcome(() -> site.patch(42)) + ", " + answer.call());
                    answer.close();
                    System.out.println(", closed");
                    function("_exit").invokeVoid(new Object[] {0});
                }
                ending(child);
                System.out.println("in the parent: " + answer.call());
            }
        }

        private static String outcome(Runnable write) {
            try {
                write.run();
                return "made";
            } catch (UnsupportedOperationException e) {
                return "refused";
            }
        }
    }

    /** Forks while a thread commits pieces, has a site know the latest, and closes the one before. */
    static final class Race {
        private static volatile boolean over;

        private Race() {}

        public static void main(String[] arguments) throws InterruptedException {
            try (CodeCache cache = CodeCache.options().size(4 << 20).create();
                    CodeBuffer buffer = cache.newBuffer(64 << 10)) {
                HandEmitter emitter = new HandEmitter(buffer);
                Code first = emitter.constant(0, 42, false).hex("c3").commit("first", buffer);
                PatchSite site = new PatchSite("latest");
                Code jump = emitter.patchConstant(site, 0, 8, first.address())
                        .hex("ffe0") // jmp rax
                        .commit("jump", buffer);
                Code forking = forking(emitter, buffer, jump);
                Thread thread = new Thread(() -> replace(cache, site, first));
                thread.start();
                int[] pipe = pipe();
                int forks = 0;
                long end = Races.end(0.4);
                while (System.nanoTime() < end) {
                    let(pipe);
                    String ending = ending(forking.call(pipe[0]));
                    if (!ending.equals("42")) {
                        System.out.println("child " + forks + " ended with " + ending);
                        break;
                    }
                    forks++;
                }
                over = true;
                thread.join();
                System.out.println("forked " + forks + " times");
            }
        }

        private static void replace(CodeCache cache, PatchSite site, Code first) {
            try (CodeBuffer buffer = cache.newBuffer(64 << 10)) {
                HandEmitter emitter = new HandEmitter(buffer);
                Code last = first;
                while (!over) {
                    Code next = emitter.constant(0, 42, false).hex("c3").commit("next", buffer);
                    site.patch(next.address());
                    last.close();
                    last = next;
                }
            }
        }
    }
}
