package dev.intaglio.tests.python;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Something that runs Python programs: Intaglio's host in a child JVM, or the system's own python3.11. */
record Interpreter(String name, List<String> command) {
    /** Where the test programs lie; children run there, so that tracebacks name the same files everywhere. */
    static final Path PROGRAMS = Path.of("target", "test-classes", "python").toAbsolutePath();

    static final Interpreter COMPILED = hosted("jit on", "--jit=on");
    static final Interpreter INTERPRETED = hosted("jit off", "--jit=off");
    static final Interpreter COPY_AND_PATCH = hosted("copy-and-patch", "--jit=copy-and-patch");
    static final Interpreter SYSTEM = new Interpreter("the system's", List.of("/usr/bin/python3.11"));

    private static final int TIMEOUT_SECONDS = 60;

    private static Interpreter hosted(String name, String... options) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xrs",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.intaglio.cpython.Python"));
        command.addAll(List.of(options));
        return new Interpreter(name, List.copyOf(command));
    }

    /** Whether this machine has it. */
    boolean exists() {
        return Files.isExecutable(Path.of(command.get(0)));
    }

    /** Runs a program to its end, with nothing to read. */
    Outcome run(String... arguments) {
        return run("", List.of(arguments));
    }

    /** Runs a program to its end, with this as its standard input. */
    Outcome run(String input, List<String> arguments) {
        List<String> line = new ArrayList<>(command);
        line.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(line).directory(PROGRAMS.toFile());
        builder.environment().keySet().removeIf(key -> key.startsWith("PYTHON") || key.equals("JAVA_TOOL_OPTIONS"));
        builder.environment().put("PYTHONHASHSEED", "0");
        builder.environment().put("PYTHONIOENCODING", "utf-8");
        try {
            Process process = builder.start();
            CompletableFuture<String> out = read(process.getInputStream());
            CompletableFuture<String> err = read(process.getErrorStream());
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(
                        arguments + " with " + name + " has not ended after " + TIMEOUT_SECONDS + " seconds");
            }
            return new Outcome(process.exitValue(), out.join(), err.join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for " + arguments, e);
        }
    }

    private static CompletableFuture<String> read(java.io.InputStream stream) {
        return CompletableFuture.supplyAsync(() -> {
            try (stream) {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Override
    public String toString() {
        return name;
    }
}
