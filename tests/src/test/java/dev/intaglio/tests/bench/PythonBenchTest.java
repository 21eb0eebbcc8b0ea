package dev.intaglio.tests.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PythonBenchTest {
    @Test
    void theShellTellsTheTimeOfItsChildren() {
        assertThat(PythonBench.children("0m0.001s 0m0.002s\n1m1.250s 0m0.500s\n"))
                .isEqualTo(61.75);
    }

    @Test
    void aProgramThatFailsIsHeardToItsEnd() {
        String program = "for i in {1..50}; do echo \"line $i\" >&2; done; echo 'NameError: why' >&2; exit 3";
        assertThatThrownBy(() -> PythonBench.run(List.of("bash", "-c", program)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ended with status 3:\n")
                .hasMessageContaining("line 50\nNameError: why")
                .hasMessageNotContaining("line 10");
    }

    @Test
    void whatAProgramPrintsBesidesItsErrorsIsItsOutput() throws Exception {
        assertThat(PythonBench.run(List.of("bash", "-c", "echo out; echo err >&2"))
                        .output())
                .isEqualTo("out\n");
    }
}
