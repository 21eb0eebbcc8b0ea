package dev.intaglio.tests.python;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Python program that ran in a process of its own.
 *
 * @param status its exit status
 * @param output what it wrote
 * @param errors what it wrote to standard error
 */
record PythonProcess(int status, String output, String errors) {
    private static final long SECONDS = 240;
    private static final Path SYSTEM = Path.of("/usr/bin/python3.11");

    /** Runs our Python; its options come first, then the program and its arguments. */
    static PythonProcess hosted(String... arguments) {
        return run("", hostedCommand(arguments));
    }

    /** Runs our Python with this standard input. */
    static PythonProcess hostedReading(String input, String... arguments) {
        return run(input, hostedCommand(arguments));
    }

    /** The command line of our Python. */
    static List<String> hostedCommand(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() > 17) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-Xrs", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dintaglio.preload=", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.add("dev.intaglio.cpython.Python");
        command.addAll(List.of(arguments));
        return command;
    }

    /** Whether this machine has a python3.11 of its own to compare with. */
    static boolean systemExists() {
        return Files.isExecutable(SYSTEM);
    }

    /** Runs the system's python3.11. */
    static PythonProcess system(String... arguments) {
        List<String> command = new ArrayList<>(List.of(SYSTEM.toString()));
        command.addAll(List.of(arguments));
        return run("", command);
    }

    private static PythonProcess run(String input, List<String> command) {
        try {
            Path output = Files.createTempFile("python", ".out");
            Path errors = Files.createTempFile("python", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile());
                if (command.contains("-Dintaglio.preload=")) {
                    // As the launcher does: a Python program may handle SIGSEGV, which the JVM needs.
                    builder.environment().put("LD_PRELOAD", System.getProperty("java.home") + "/lib/libjsig.so");
                }
                Process process = builder.start();
                process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
                process.getOutputStream().close();
                if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError(command + " did not end in " + SECONDS + " s");
                }
                return new PythonProcess(process.exitValue(), Files.readString(output), Files.readString(errors));
            } finally {
                Files.delete(output);
                Files.delete(errors);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
