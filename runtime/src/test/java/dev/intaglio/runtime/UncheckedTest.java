package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stencils that do not look at the thread, which a property of the whole JVM asks for. */
class UncheckedTest {
    @TempDir
    private Path folder;

    private String child(String checks) {
        return new ChildJvm("-Dintaglio.checks=" + checks)
                .run(folder, Program.class)
                .output();
    }

    @Test
    void anotherThreadsStencilIsLetThrough() {
        assertThat(child("false"))
                .isEqualTo("the other thread emitted\n"
                        + "refused: the buffer belongs to thread main, but thread other used it; take a buffer for each"
                        + " thread, or pass it on with handOver\n"
                        + "7\n");
    }

    @Test
    void otherwiseItIsRefused() {
        assertThat(child("true"))
                .startsWith("refused: the buffer belongs to thread main")
                .endsWith("7\n");
    }

    /** Emits in its own thread and in another one, which then wants to commit. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws InterruptedException {
            try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                    CodeBuffer buffer = cache.newBuffer()) {
                HandEmitter emitter = new HandEmitter(buffer);
                emitter.constant(0, 7, false);
                Thread other = new Thread(() -> emit(emitter, buffer), "other");
                other.start();
                other.join();
                System.out.println(emitter.hex("c3").commit("seven", buffer).call());
            }
        }

        private static void emit(HandEmitter emitter, CodeBuffer buffer) {
            try {
                emitter.bytes(0x90);
                System.out.println("the other thread emitted");
                buffer.commit("other");
            } catch (IllegalStateException e) {
                System.out.println("refused: " + e.getMessage());
            }
        }
    }
}
