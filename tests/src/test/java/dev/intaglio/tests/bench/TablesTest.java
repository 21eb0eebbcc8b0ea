package dev.intaglio.tests.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Benchmarks, run too short to measure anything: they print what they promise. */
class TablesTest {
    @TempDir
    Path folder;

    @Test
    void callsArePrintedBesideJniAndJna() throws IOException {
        assertThat(run(new CallsBench()))
                .anyMatch(line -> line.matches("long add.*from Java"))
                .anyMatch(line -> line.matches("  plain native method +\\d+\\.\\d\\d ns +1\\.00"))
                .anyMatch(line -> line.matches("  Intaglio, natives +\\d+\\.\\d\\d ns +\\d+\\.\\d\\d"))
                .anyMatch(line -> line.startsWith("  Intaglio, natives, collected code "))
                .anyMatch(line -> line.matches("  Intaglio, jna .*"))
                .anyMatch(line -> line.matches("  JNA direct mapping .*"))
                .anyMatch(line -> line.matches("  Intaglio, jni .*"))
                .endsWith(CallsBench.SCALED);
    }

    @Test
    void commitsArePrintedForEachKindOfMemory() throws IOException {
        assertThat(run(new CommitBench()))
                .contains("64 bytes", "4096 bytes", "65536 bytes")
                .anyMatch(line -> line.matches("  Intaglio, hardened memory .*"))
                .anyMatch(line -> line.matches("  mmap, copy, mprotect, munmap .*"));
    }

    @Test
    void emissionIsPrintedWithTheFirstTraceOfAJvm() throws IOException {
        assertThat(run(new EmissionBench(), "--java-only"))
                .contains("predictable order, an instruction", "random order, an instruction")
                .anyMatch(line -> line.matches("  Intaglio, emission and link +\\d+\\.\\d\\d ns +1\\.00 +\\d+ MB/s"))
                .anyMatch(line -> line.startsWith("  copy-and-patch's encodings, by Intaglio "))
                .anyMatch(line -> line.matches("  emission, link and commit +\\d+\\.\\d\\d ms +1\\.00"));
    }

    @Test
    void formulasAreCompiledInEachWay() throws IOException {
        assertThat(run(new CompileBench(), "--makers=INTAGLIO,BYTECODE,JNR"))
                .anyMatch(line -> line.startsWith("one formula of doubles, steady"))
                .anyMatch(line -> line.matches("  Intaglio +\\d+\\.\\d\\d us +1\\.00"))
                .anyMatch(line -> line.matches("  JVM bytecode by ASM, a hidden class +\\d+\\.\\d\\d ns .*"))
                .anyMatch(line -> line.matches("  jnr-x86asm, .* us .*"));
    }

    @Test
    void aReportIsJsonAndAChartOnRequest() throws IOException {
        Report report = new Report();
        CommandLine.populateCommand(report, "--json=" + folder.resolve("f.json"), "--chart=" + folder.resolve("f.svg"));
        report.print("Title", List.of(new Figure("g \"1\"", "a", 2, "ns"), new Figure("g \"1\"", "b", 3, "ns")));
        assertThat(folder.resolve("f.json"))
                .content()
                .contains("\"benchmark\": \"Title\"")
                .contains(
                        "{\"group\": \"g \\\"1\\\"\", \"who\": \"b\", \"value\": 3.0000, \"unit\": \"ns\", \"note\": \"\"}");
        assertThat(Files.readString(folder.resolve("f.svg"))).contains("<svg").contains("</svg>");
        Figure figure = new Figure("a", "b", 1.5, "ns");
        assertThat(Figure.parse(figure.line())).isEqualTo(figure);
    }

    @Test
    void figuresComeWithTheMachineAndTheJdk() throws IOException {
        Machine machine = Machine.here();
        assertThat(machine.cpu()).isNotEmpty();
        assertThat(machine.system()).contains(System.getProperty("os.version"));
        assertThat(machine.jvm()).contains(System.getProperty("java.vm.version"));
        Report report = new Report();
        CommandLine.populateCommand(report, "--json=" + folder.resolve("f.json"));
        List<String> printed = printed(() -> report.print("Title", List.of(new Figure("g", "a", 2, "ns"))));
        assertThat(printed.get(0)).contains(machine.cpu(), machine.system(), machine.jvm());
        assertThat(folder.resolve("f.json"))
                .content()
                .contains("\"cpu\": \"" + machine.cpu() + "\"")
                .contains("\"system\": \"" + machine.system() + "\"")
                .contains("\"jvm\": \"" + machine.jvm() + "\"");
    }

    /** Something that prints. */
    @FunctionalInterface
    private interface Print {
        void go() throws IOException;
    }

    private static List<String> printed(Print print) throws IOException {
        PrintStream standard = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            print.go();
        } finally {
            System.setOut(standard);
        }
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static List<String> run(Object command, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--samples=1", "--millis=1"));
        arguments.addAll(List.of(more));
        return printed(() -> assertThat(new CommandLine(command).execute(arguments.toArray(String[]::new)))
                .isZero());
    }
}
