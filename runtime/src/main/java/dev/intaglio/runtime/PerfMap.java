package dev.intaglio.runtime;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The names of all code, one line a section of a piece, in the format that perf reads: {@code address size name}, in hexadecimal.
 * It is written as code is committed to {@code perf-PID.map} in the folder of {@code -Dintaglio.perfMap=FOLDER}, and so is there
 * after a crash as well. Where code replaced other code, the later line holds.
 */
final class PerfMap {
    private final Path path;
    private final BufferedWriter file;
    private boolean ended;

    PerfMap(Path path) throws IOException {
        this.path = path;
        this.file = Files.newBufferedWriter(path);
    }

    /** Writes what is to be known of a section. */
    synchronized void add(String name, Code.Part part) {
        if (ended) {
            return;
        }
        try {
            String word = name.replaceAll("\\s", "_");
            file.write(String.format(Locale.ROOT, "%x %x %s%n", part.address(), part.length(), word));
            file.flush();
        } catch (IOException e) {
            ended = true;
            NativeTools.ended(path, e);
        }
    }
}
