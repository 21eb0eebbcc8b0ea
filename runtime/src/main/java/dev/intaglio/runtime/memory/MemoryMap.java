package dev.intaglio.runtime.memory;

import java.io.BufferedReader;
import java.io.FileReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What is mapped in this process, in ascending order of addresses. */
public record MemoryMap(List<Mapping> mappings) {

    /** @see MemoryMap */
    public MemoryMap {
        mappings = List.copyOf(mappings);
    }

    /** Reads {@code /proc/self/maps}; empty where it cannot be read, in a root without {@code /proc} for one. */
    public static MemoryMap read() {
        // Not by Files: its channels are a dozen classes that a JVM which starts has not loaded.
        try (BufferedReader maps = new BufferedReader(new FileReader("/proc/self/maps", StandardCharsets.UTF_8))) {
            List<String> lines = new ArrayList<>();
            for (String line = maps.readLine(); line != null; line = maps.readLine()) {
                lines.add(line);
            }
            return parse(lines);
        } catch (IOException e) {
            return new MemoryMap(List.of());
        }
    }

    /** Lines as in proc(5): {@code 7f00-7f80 r-xp 00000000 08:01 123  /lib/libc.so.6}. */
    static MemoryMap parse(List<String> lines) {
        List<Mapping> mappings = new ArrayList<>(lines.size());
        for (String line : lines) {
            mappings.add(Mapping.parse(line));
        }
        return new MemoryMap(mappings);
    }

    /**
     * One line of the map.
     *
     * @param start its first address
     * @param end the first address behind it
     * @param permissions such as {@code r-xp}
     * @param path the file or {@code [stack]}; empty for anonymous memory
     */
    public record Mapping(long start, long end, String permissions, String path) {
        static Mapping parse(String line) {
            // By hand: there are hundreds of lines, and a JVM that starts takes milliseconds for as many regular
            // expressions.
            int dash = line.indexOf('-');
            int permissions = line.indexOf(' ') + 1;
            int behind = line.indexOf(' ', permissions);
            int path = line.indexOf('/');
            int bracket = line.indexOf('[');
            path = path < 0 || bracket >= 0 && bracket < path ? bracket : path;
            return new Mapping(
                    Long.parseUnsignedLong(line, 0, dash, 16),
                    Long.parseUnsignedLong(line, dash + 1, permissions - 1, 16),
                    line.substring(permissions, behind),
                    path < 0 ? "" : line.substring(path));
        }

        /** Whether it can be written and executed through the same address. */
        public boolean writableAndExecutable() {
            return permissions.indexOf('w') >= 0 && permissions.indexOf('x') >= 0;
        }

        /** Whether it belongs to a library of this name: {@code libc} for {@code libc.so.6} and {@code libc-2.31.so}. */
        boolean belongsTo(String library) {
            String file = path.substring(path.lastIndexOf('/') + 1);
            return file.startsWith(library + ".") || file.startsWith(library + "-");
        }
    }
}
