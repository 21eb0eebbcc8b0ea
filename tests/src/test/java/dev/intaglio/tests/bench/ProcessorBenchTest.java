package dev.intaglio.tests.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ProcessorBenchTest {
    @Test
    void aRunPrintsBothCompilationsAndTheStages() {
        PrintStream standard = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        int status;
        try {
            status = new CommandLine(new ProcessorBench()).execute("--stencils=5", "--runs=1");
        } finally {
            System.setOut(standard);
        }
        assertThat(status).isZero();
        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .contains("CPU time for 5 stencils")
                .anyMatch(line -> line.matches("  javac alone +\\d+\\.00 ms +1\\.00 +\\d+ ms elapsed"))
                .anyMatch(line -> line.matches("  with the processor .*5 stencils of 1 interface: collect .*"));
    }
}
