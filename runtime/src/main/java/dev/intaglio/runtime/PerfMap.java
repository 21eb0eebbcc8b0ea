package dev.intaglio.runtime;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The names of all code, one line a section of a piece, in the format that perf reads: {@code address size name}, in hexadecimal.
 * It is written as code is committed to {@code perf-PID.map} in the folder of {@code -Dintaglio.perfMap=FOLDER}, and so is there
 * after a crash as well. Where code replaced other code, the later line holds.
 */
final class PerfMap {
    private static final PerfMap ASKED_FOR = new PerfMap(System.getProperty("intaglio.perfMap"));

    private final BufferedWriter file;

    private PerfMap(String folder) {
        Path path = Path.of(folder, "perf-" + ProcessHandle.current().pid() + ".map");
        try {
            file = Files.newBufferedWriter(path);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the names of code cannot be written to " + path + ", as the system property intaglio.perfMap asks",
                    e);
        }
    }

    /** Writes what is to be known of a piece. */
    static void add(Code code) {
        ASKED_FOR.write(code);
    }

    private synchronized void write(Code code) {
        String name = code.name().replaceAll("\\s", "_");
        try {
            for (Code.Part part : code.parts()) {
                String suffix = part.section().equals("code") ? "" : "." + part.section();
                file.write(String.format(Locale.ROOT, "%x %x %s%s%n", part.address(), part.length(), name, suffix));
            }
            file.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the names of code cannot be written", e);
        }
    }
}
