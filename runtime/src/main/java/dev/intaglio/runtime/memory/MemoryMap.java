package dev.intaglio.runtime.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What is mapped in this process, in ascending order of addresses. */
public record MemoryMap(List<Mapping> mappings) {

    /** @see MemoryMap */
    public MemoryMap {
        mappings = List.copyOf(mappings);
    }

    /** Reads {@code /proc/self/maps}; empty where it cannot be read, in a root without {@code /proc} for one. */
    public static MemoryMap read() {
        try {
            return parse(Files.readAllLines(Path.of("/proc/self/maps")));
        } catch (IOException e) {
            return new MemoryMap(List.of());
        }
    }

    /** Lines as in proc(5): {@code 7f00-7f80 r-xp 00000000 08:01 123  /lib/libc.so.6}. */
    static MemoryMap parse(List<String> lines) {
        return new MemoryMap(lines.stream().map(Mapping::parse).toList());
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
            String[] fields = line.split("\\s+", 6);
            int dash = fields[0].indexOf('-');
            return new Mapping(
                    Long.parseUnsignedLong(fields[0].substring(0, dash), 16),
                    Long.parseUnsignedLong(fields[0].substring(dash + 1), 16),
                    fields[1],
                    fields.length > 5 ? fields[5] : "");
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
