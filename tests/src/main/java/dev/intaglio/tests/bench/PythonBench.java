package dev.intaglio.tests.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Python programs on CPython 3.11 in the JVM, their hot code compiled or not, beside the system's own. */
@Command(
        name = "python",
        description = {
            "Runs the programs of examples/python by ./intaglio python with --jit=on, off and copy-and-patch, and by python3.11 where it is"
                    + " installed.",
            "Prints medians of the CPU time of the whole process, start of the JVM included; all must print the same."
        })
final class PythonBench implements Callable<Integer> {
    /** Programs and an argument that makes each run for some seconds without a compiler. */
    private static final Map<String, String> PROGRAMS = programs();

    /** Lines of a failed process's standard error that are shown. */
    private static final int TAIL = 12;

    @Mixin
    private Help help = new Help();

    @Mixin
    private Report report = new Report();

    @Option(
            names = "--runs",
            defaultValue = "3",
            converter = Count.class,
            description = "Runs a figure (default: ${DEFAULT-VALUE}).")
    private int runs;

    @Option(
            names = "--scale",
            defaultValue = "1",
            description = "Multiplies how much the programs do (default: ${DEFAULT-VALUE}).")
    private double scale;

    private static Map<String, String> programs() {
        Map<String, String> programs = new LinkedHashMap<>();
        programs.put("nbody.py", "1000000");
        programs.put("spectral_norm.py", "700");
        programs.put("mandelbrot.py", "600");
        programs.put("collatz.py", "300000");
        return programs;
    }

    /** What one process took, and what it printed. */
    record Run(double cpuSeconds, double seconds, String output) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Optional<Path> launcher =
                Optional.ofNullable(System.getProperty("intaglio.launcher")).map(Path::of);
        if (launcher.isEmpty()) {
            throw new IllegalStateException("start this as ./intaglio bench python");
        }
        Map<String, List<String>> interpreters = interpreters(launcher.get());
        run(List.of(launcher.get().toString(), "python", "-c", "pass")); // builds what is missing
        List<Figure> figures = new ArrayList<>();
        try (ProgressBar bar = Progress.bar("python", (long) PROGRAMS.size() * interpreters.size() * runs)) {
            for (Map.Entry<String, String> program : PROGRAMS.entrySet()) {
                Path script = launcher.get().resolveSibling("examples/python").resolve(program.getKey());
                String argument = Long.toString(Math.max(1, Math.round(Long.parseLong(program.getValue()) * scale)));
                String expected = "";
                for (Map.Entry<String, List<String>> interpreter : interpreters.entrySet()) {
                    List<String> command = new ArrayList<>(interpreter.getValue());
                    command.addAll(List.of(script.toString(), argument));
                    List<Run> all = new ArrayList<>();
                    for (int i = 0; i < runs; i++) {
                        all.add(run(command));
                        bar.step();
                    }
                    String output = all.get(0).output();
                    if (!expected.isEmpty() && !expected.equals(output)) {
                        throw new IllegalStateException(interpreter.getKey() + " prints otherwise for "
                                + program.getKey() + ":\n" + output + "instead of\n" + expected);
                    }
                    expected = output;
                    all.sort(Comparator.comparing(Run::cpuSeconds));
                    Run median = all.get(runs / 2);
                    figures.add(new Figure(
                            program.getKey() + " " + argument + ", CPU time",
                            interpreter.getKey(),
                            median.cpuSeconds(),
                            "s",
                            String.format(Locale.ROOT, "%.2f s elapsed", median.seconds())));
                }
            }
        }
        report.print("Python programs", figures);
        if (interpreters.size() < 4) {
            System.out.println("python3.11: not installed");
        }
        return 0;
    }

    private static Map<String, List<String>> interpreters(Path launcher) throws InterruptedException {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (String jit : List.of("on", "copy-and-patch", "off")) {
            all.put("Intaglio, --jit=" + jit, List.of(launcher.toString(), "python", "--jit=" + jit));
        }
        try {
            if (run(List.of("python3.11", "--version")).output().startsWith("Python 3.11")) {
                all.put("the system's python3.11", List.of("python3.11"));
            }
        } catch (IOException | IllegalStateException e) {
            return all; // the table says that it is missing
        }
        return all;
    }

    /** The shell tells the CPU time of what it waited for. */
    static Run run(List<String> command) throws IOException, InterruptedException {
        Path times = Files.createTempFile("intaglio-times", "");
        Path errors = Files.createTempFile("intaglio-errors", "");
        try {
            List<String> timed = new ArrayList<>(List.of(
                    "bash", "-c", "\"${@:2}\"; status=$?; times >\"$1\"; exit $status", "bash", times.toString()));
            timed.addAll(command);
            long start = System.nanoTime();
            Process process =
                    new ProcessBuilder(timed).redirectError(errors.toFile()).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            double seconds = (System.nanoTime() - start) / 1e9;
            if (status != 0) {
                throw new IllegalStateException(String.join(" ", command) + " ended with status " + status
                        + tail(new String(Files.readAllBytes(errors), StandardCharsets.UTF_8)));
            }
            return new Run(children(Files.readString(times)), seconds, output);
        } finally {
            Files.delete(times);
            Files.delete(errors);
        }
    }

    /** The last lines of what a process wrote to standard error; the reason is at the end of a traceback. */
    private static String tail(String errors) {
        List<String> lines = errors.lines().toList();
        return lines.isEmpty()
                ? ""
                : ":\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
    }

    /** The second line of {@code times} in seconds: like {@code 0m1.204s 0m0.052s}. */
    static double children(String times) {
        double sum = 0;
        for (String field : times.lines().toList().get(1).split(" ")) {
            int minute = field.indexOf('m');
            sum += 60 * Double.parseDouble(field.substring(0, minute))
                    + Double.parseDouble(field.substring(minute + 1, field.length() - 1));
        }
        return sum;
    }
}
