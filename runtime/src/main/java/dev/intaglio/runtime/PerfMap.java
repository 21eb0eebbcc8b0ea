package dev.intaglio.runtime;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;

/**
 * The names of all code, one line a section of a piece, in the format that perf reads: {@code address size name}, in hexadecimal.
 * It is written as code is committed to {@code perf-PID.map} in the folder of {@code -Dintaglio.perfMap=FOLDER}, and so is there
 * after a crash as well. Where code replaced other code, the later line holds. A file that HotSpot replaces as the JVM ends is
 * left to it; where it does so meanwhile ({@code jcmd PID Compiler.perfmap}), what is committed later comes behind its names.
 */
final class PerfMap {
    private static final Path HOTSPOTS = Path.of("/tmp");
    private static final String DUMP = "-XX:+DumpPerfMapAtExit";
    private static final String NO_DUMP = "-XX:-DumpPerfMapAtExit";

    private final Path path;
    private final BufferedWriter file;
    private boolean ended;

    PerfMap(Path path) throws IOException {
        this.path = path;
        if (isHotSpots(path)) {
            this.file = new BufferedWriter(Writer.nullWriter());
            NativeTools.notBegun(path, DUMP, NativeTools.PERF_MAP);
        } else {
            Files.deleteIfExists(path); // of an earlier process of this number
            this.file = Files.newBufferedWriter(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND);
        }
    }

    /** CodeCache::write_perf_map in HotSpot's code/codeCache.cpp. */
    private static boolean isHotSpots(Path path) throws IOException {
        if (!Files.exists(HOTSPOTS) || !Files.isSameFile(path.getParent(), HOTSPOTS)) {
            return false;
        }
        try {
            List<String> options = ManagementFactory.getRuntimeMXBean().getInputArguments();
            return options.lastIndexOf(DUMP) > options.lastIndexOf(NO_DUMP);
        } catch (LinkageError e) {
            return false; // there is no module java.management
        }
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
