package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The ways of memory and of calls, each forced in a JVM of its own. */
class FallbackTest {
    @TempDir
    private Path folder;

    static Stream<List<String>> ways() {
        List<List<String>> ways = new ArrayList<>();
        ways.add(List.of("file", "natives", "memory file", "native methods registered to emitted trampolines"));
        ways.add(List.of("file", "jna", "memory file", "JNA functions"));
        ways.add(List.of("hardened", "natives", "no writable view", "native methods registered"));
        ways.add(List.of("anonymous", "natives", "anonymous memory", "native methods registered"));
        ways.add(List.of("switched", "natives", "switched page by page", "native methods registered"));
        if (Runtime.version().feature() >= 22) {
            ways.add(List.of("switched", "ffm", "switched page by page", "java.lang.foreign downcalls"));
        }
        return ways.stream();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void codeRunsInEveryWay(List<String> way) {
        String output = child(
                Program.class, "-Dintaglio.memory=" + way.get(0), "-Dintaglio.binding=" + way.get(1), "-Xcheck:jni");
        assertThat(output)
                .contains(way.get(2))
                .contains(way.get(3))
                .contains("sum 124750")
                .contains("writable and executable: false")
                .doesNotContain("FATAL ERROR");
    }

    @Test
    void aWayThatIsNotKnownIsExplained() {
        String reason =
                "system property intaglio.binding asks for 'magic', which cannot be had: it is not known; leave it out";
        assertThat(child(Refused.class, "-Dintaglio.binding=magic"))
                .contains("calls      none: " + reason)
                .contains("first: java.lang.IllegalStateException: " + reason)
                .contains("again: java.lang.IllegalStateException: " + reason);
        assertThat(child(Program.class, "-Dintaglio.memory=magic"))
                .contains("system property intaglio.memory is 'magic'");
    }

    private String child(Class<?> program, String... options) {
        return new ChildJvm(options).run(folder, program).output();
    }

    /** Binds what cannot be bound. */
    static final class Refused {
        private Refused() {}

        public static void main(String[] arguments) {
            try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                    CodeBuffer buffer = cache.newBuffer()) {
                System.out.print(cache.describe());
                Code code = new HandEmitter(buffer).hex("c3").commit("piece", buffer);
                for (String time : List.of("first", "again")) {
                    try {
                        code.bind(LongUnaryOperator.class);
                    } catch (RuntimeException | LinkageError e) {
                        System.out.println(time + ": " + e);
                    }
                }
            }
        }
    }

    /** What each JVM runs: 500 pieces, made, called, and closed in another order. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            long sum = 0;
            boolean both = false;
            try (CodeCache cache = CodeCache.options().size(8 << 20).create();
                    CodeBuffer buffer = cache.newBuffer(64 << 10)) {
                HandEmitter emitter = new HandEmitter(buffer);
                List<Code> held = new ArrayList<>();
                for (int i = 0; i < 500; i++) {
                    emitter.constant(0, i, false).hex("4801f8c3"); // add rax, rdi; ret
                    Code code = buffer.commit("piece");
                    sum += code.bind(LongUnaryOperator.class).applyAsLong(1) - 1;
                    held.add(code);
                    if (held.size() > 20) {
                        held.remove(i * 7 % 20).close();
                    }
                }
                for (Code code : held) {
                    both |= Mappings.at(code.address()).orElseThrow().writableAndExecutable();
                }
                System.out.print(cache.describe());
            }
            System.out.println("sum " + sum);
            System.out.println("writable and executable: " + both);
        }
    }
}
