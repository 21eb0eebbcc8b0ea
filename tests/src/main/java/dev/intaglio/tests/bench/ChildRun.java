package dev.intaglio.tests.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;

/** A process that measures what this one cannot, because a system property decides once and for all. */
final class ChildRun {
    private static final String STEP = "step";

    private ChildRun() {}

    /** Called in such a process: the bar of the other one goes on. */
    static void step() {
        System.out.println(STEP);
        System.out.flush();
    }

    /** The figures that a main class prints in a JVM with these options; its steps are the bar's. */
    static List<Figure> figures(Class<?> main, List<String> options, List<String> arguments, ProgressBar bar)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines = new ArrayList<>();
        try (var reader = process.inputReader()) {
            reader.lines().forEach(line -> {
                if (line.equals(STEP)) {
                    bar.step();
                } else {
                    lines.add(line);
                }
            });
        }
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + " failed:\n" + String.join("\n", lines));
        }
        return lines.stream().filter(Figure::isLine).map(Figure::parse).toList();
    }
}
