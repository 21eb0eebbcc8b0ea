package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways of upcalls, each asked for in a JVM of its own. */
class UpcallWaysTest {
    private static final boolean HAS_FOREIGN_FUNCTIONS = Runtime.version().feature() >= 22;

    @TempDir
    private Path folder;

    private String child(String way) {
        return new ChildJvm("-Dintaglio.upcalls=" + way)
                .run(folder, Program.class)
                .output();
    }

    @Test
    void aWayThatIsNotKnownIsExplained() {
        String reason = "system property intaglio.upcalls asks for 'magic'; leave it out, or use ffm or jni";
        assertThat(child("magic")).isEqualTo("refused: " + reason + "\n");
    }

    @Test
    void foreignFunctionsAreRefusedToAJavaThatLacksThem() {
        assumeTrue(!HAS_FOREIGN_FUNCTIONS, "this Java has them");
        String reason =
                "system property intaglio.upcalls asks for 'ffm', which cannot be had: java.lang.foreign is final"
                        + " only since Java 22; leave it out, or use jni";
        assertThat(child("ffm")).isEqualTo("refused: " + reason + "\n");
    }

    @Test
    void throughJniAThreadThatTheJvmDoesNotKnowGetsZero() {
        assertThat(child("jni")).isEqualTo("another thread's: 0 from 0 runs\nthis thread's: 42 from 1 runs\n");
    }

    @Test
    void throughForeignFunctionsAThreadIsMadeKnownToTheJvm() {
        assumeTrue(HAS_FOREIGN_FUNCTIONS, "they are of Java 22");
        assertThat(child("ffm")).isEqualTo("another thread's: 42 from 1 runs\nthis thread's: 42 from 2 runs\n");
    }

    /** Has a thread of the C library's begin in an upcall, then calls it itself. */
    static final class Program {
        private static final AtomicInteger RUNS = new AtomicInteger();

        private Program() {}

        public static void main(String[] arguments) {
            try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                    Upcall next = cache.upcall(LongUnaryOperator.class, Program::next)) {
                tell("another thread's", ofThread(next.address(), 41));
                tell("this thread's", next.code().call(41));
            } catch (IllegalStateException e) {
                System.out.println("refused: " + e.getMessage());
            }
        }

        private static long next(long n) {
            RUNS.incrementAndGet();
            return n + 1;
        }

        private static void tell(String whose, long result) {
            System.out.println(whose + ": " + result + " from " + RUNS + " runs");
        }

        /** What a thread returns that begins at an address with this argument. */
        private static long ofThread(long start, long argument) {
            NativeLibrary library = NativeLibrary.getProcess();
            try (Memory thread = new Memory(Long.BYTES);
                    Memory result = new Memory(Long.BYTES)) {
                Object[] create = {thread, null, new Pointer(start), new Pointer(argument)};
                int refused = library.getFunction("pthread_create").invokeInt(create);
                if (refused != 0) {
                    throw new AssertionError("no thread: " + refused);
                }
                library.getFunction("pthread_join").invokeInt(new Object[] {thread.getLong(0), result});
                return result.getLong(0);
            }
        }
    }
}
