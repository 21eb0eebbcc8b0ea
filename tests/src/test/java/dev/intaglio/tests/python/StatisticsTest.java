package dev.intaglio.tests.python;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code --stats} tells what was compiled and how often, where and why compiled code was left. */
class StatisticsTest {
    private static final String PROGRAM = """
            def total(values):
                t = 0
                for v in values:
                    t += v
                return t
            print(total([1] * 1000 + [1.5] * 10))
            """;

    @Test
    void exitsAreCountedByReasonAndByPlace() {
        Outcome run = Interpreter.HOSTED.run("--stats", "-c", PROGRAM);
        assertThat(run.out()).isEqualTo("1015.0\n");
        assertThat(run.err())
                .contains("1 code objects compiled, 1 pieces of fast code")
                .containsPattern("intaglio: +plain +1 +\\d+ +\\d+ +[0-9.,]+ ms")
                .containsPattern("intaglio: +10  fast to plain: a value of another type\n")
                .containsPattern("intaglio: +10  total:1, line 4: \\d+ BINARY_OP 13: a value of another type\n");
    }

    @Test
    void nothingIsToldUnlessAsked() {
        Outcome run = Interpreter.HOSTED.run("-c", PROGRAM);
        assertThat(run.out()).isEqualTo("1015.0\n");
        assertThat(run.err()).isEmpty();
    }
}
