package dev.intaglio.tests.python;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Something that runs Python programs: Intaglio's host in a child JVM, or the system's own python3.11. */
record Interpreter(String name, List<String> command) {
    /** Where the test programs lie; children run there, so that tracebacks name the same files everywhere. */
    static final Path PROGRAMS = Path.of("target", "test-classes", "python").toAbsolutePath();

    /** As it is without options. */
    static final Interpreter HOSTED = hosted("as it is");

    static final Interpreter COMPILED = hosted("jit on", "--jit=on");
    static final Interpreter INTERPRETED = hosted("jit off", "--jit=off");
    static final Interpreter COPY_AND_PATCH = hosted("copy-and-patch", "--jit=copy-and-patch");
    static final Interpreter SYSTEM = new Interpreter("the system's", List.of("/usr/bin/python3.11"));

    private static final int TIMEOUT_SECONDS = 240;

    /** Behind this option the host is told which libraries were loaded first: none but libjsig. */
    private static final String PRELOAD = "-Dintaglio.preload=";

    private static Interpreter hosted(String name, String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() > 17) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-Xrs", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", PRELOAD, "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.add("dev.intaglio.cpython.Python");
        command.addAll(List.of(options));
        return new Interpreter(name, List.copyOf(command));
    }

    /** Whether this machine has it. */
    boolean exists() {
        return Files.isExecutable(Path.of(command.get(0)));
    }

    /** The whole command line for a program and its arguments. */
    List<String> line(String... arguments) {
        List<String> line = new ArrayList<>(command);
        line.addAll(List.of(arguments));
        return line;
    }

    /** Runs a program to its end, with nothing to read. */
    Outcome run(String... arguments) {
        return run("", List.of(arguments));
    }

    /** Runs a program to its end, with this as its standard input. */
    Outcome run(String input, List<String> arguments) {
        ProcessBuilder builder =
                new ProcessBuilder(line(arguments.toArray(String[]::new))).directory(PROGRAMS.toFile());
        builder.environment().keySet().removeIf(key -> key.startsWith("PYTHON") || key.equals("JAVA_TOOL_OPTIONS"));
        builder.environment().put("PYTHONHASHSEED", "0");
        builder.environment().put("PYTHONIOENCODING", "utf-8");
        if (command.contains(PRELOAD)) {
            // As the launcher does: a Python program may handle SIGSEGV, which the JVM needs.
            builder.environment().put("LD_PRELOAD", System.getProperty("java.home") + "/lib/libjsig.so");
        }
        try {
            Path out = Files.createTempFile("python", ".out");
            Path err = Files.createTempFile("python", ".err");
            try {
                int status = end(
                        builder.redirectOutput(out.toFile())
                                .redirectError(err.toFile())
                                .start(),
                        input);
                return new Outcome(status, Files.readString(out), Files.readString(err));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int end(Process process, String input) throws IOException {
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        try {
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(
                        process.info() + " with " + name + " has not ended after " + TIMEOUT_SECONDS + " seconds");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for a program with " + name, e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
