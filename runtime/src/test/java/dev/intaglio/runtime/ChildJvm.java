package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own for what would spoil this one. */
public final class ChildJvm {
    /** Forbids native access to all that are not told by name. */
    static final String DENYING = "--illegal-native-access=deny";

    private final List<String> options = new ArrayList<>();

    public ChildJvm(String... options) {
        this.options.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m"));
        if (Runtime.version().feature() >= 24 && !List.of(options).contains(DENYING)) {
            this.options.add("--enable-native-access=ALL-UNNAMED");
        }
        for (String property : List.of("intaglio.seconds", "intaglio.seed")) {
            if (System.getProperty(property) != null) {
                this.options.add("-D" + property + "=" + System.getProperty(property));
            }
        }
        this.options.addAll(List.of(options));
    }

    /** How it ended, and all that it printed. */
    public record Ending(int status, String output) {}

    /** Runs the class's main method in a folder. */
    public Ending run(Path folder, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", absoluteClassPath(), main.getName()));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .directory(folder.toFile())
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(output).isTrue();
            return new Ending(process.exitValue(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String absoluteClassPath() {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(":")) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(":", entries);
    }
}
