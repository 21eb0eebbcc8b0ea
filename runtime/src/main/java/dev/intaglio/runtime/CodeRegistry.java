package dev.intaglio.runtime;

import dev.intaglio.runtime.call.OwnCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Finds what lies at an address, in all code caches of this JVM: for profilers, crash analysis and messages. A lookup locks each
 * cache for a moment; it may be made from any thread, but not from a signal handler.
 */
public final class CodeRegistry {
    private static final Set<CodeCache> CACHES = Collections.newSetFromMap(new WeakHashMap<>());

    private CodeRegistry() {}

    /**
     * {@return the piece, and if its buffer noted lines ({@link CodeBuffer#withListing}) the stencil and the source line, at an address;
     * empty when no emitted code lies there now} The names of the runtime's own code between Java and a piece begin with {@code intaglio}.
     * For a return address ask for the byte before it.
     *
     * @param address any address
     */
    public static Optional<CodePlace> lookup(long address) {
        return caches().stream()
                .flatMap(cache -> cache.place(address).stream())
                .findFirst()
                .or(() -> OwnCode.at(address).map(own -> place(own, address)));
    }

    /**
     * Writes an ELF file that names all emitted code there is now, and tells the source lines of what was emitted by a buffer that
     * notes them: GDB reads it with {@code add-symbol-file}, also for a core file of this process.
     *
     * @param file the file to write, which is replaced if it is there
     * @throws IOException where the file cannot be written
     */
    public static void writeSymbols(Path file) throws IOException {
        ElfFile elf = new ElfFile();
        for (CodeCache cache : caches()) {
            elf.startSection();
            for (Code code : cache.pieces()) {
                code.parts().forEach(part -> elf.add(code.name(part), part, code.lines(part)));
            }
        }
        elf.startSection();
        OwnCode.pieces().forEach(own -> elf.add(own.name(), Code.Part.of(own), List.of()));
        Files.write(file, elf.toByteArray());
    }

    private static CodePlace place(OwnCode.Piece own, long address) {
        return new CodePlace(own.name(), "code", address - own.address(), false, Optional.empty());
    }

    private static List<CodeCache> caches() {
        synchronized (CACHES) {
            return List.copyOf(CACHES);
        }
    }

    static void add(CodeCache cache) {
        synchronized (CACHES) {
            CACHES.add(cache);
        }
    }

    static void remove(CodeCache cache) {
        synchronized (CACHES) {
            CACHES.remove(cache);
        }
    }
}
