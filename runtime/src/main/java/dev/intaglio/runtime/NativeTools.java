package dev.intaglio.runtime;

import dev.intaglio.runtime.call.OwnCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is written for native tools as code is committed, where somebody asks for it; otherwise no class of it is loaded. Files
 * that cannot be made are an error of the first cache; when one cannot be continued, that is logged, and code is committed without.
 */
final class NativeTools {
    static final String PERF_MAP = "intaglio.perfMap";
    private static final String JIT_DUMP = "intaglio.jitDump";
    private static final String SYMBOLS = "intaglio.symbols";

    private static volatile Optional<PerfMap> perfMap = Optional.empty();
    private static volatile Optional<JitDump> jitDump = Optional.empty();
    private static volatile Optional<SymbolFile> symbols = Optional.empty();

    private NativeTools() {}

    /**
     * Makes the files that are asked for and not there yet.
     *
     * @throws UncheckedIOException naming the file and the system property, where one cannot be made
     */
    static synchronized void open() {
        if (perfMap.isEmpty() && isSet(PERF_MAP)) {
            Path file = file(PERF_MAP, "perf-", ".map");
            try {
                PerfMap map = new PerfMap(file);
                perfMap = Optional.of(map);
                OwnCode.tell(own -> map.add(own.name(), Code.Part.of(own)));
            } catch (IOException e) {
                throw refused(file, PERF_MAP, e);
            }
        }
        if (jitDump.isEmpty() && isSet(JIT_DUMP)) {
            Path file = file(JIT_DUMP, "jit-", ".dump");
            try {
                JitDump dump = new JitDump(file);
                jitDump = Optional.of(dump);
                OwnCode.tell(own -> dump.add(own.name(), Code.Part.of(own), List.of(), own.bytes()));
            } catch (IOException e) {
                throw refused(file, JIT_DUMP, e);
            }
        }
        if (symbols.isEmpty() && isSet(SYMBOLS)) {
            Path file = file(SYMBOLS, "intaglio-", ".elf");
            try {
                SymbolFile written = new SymbolFile(file);
                symbols = Optional.of(written);
                OwnCode.tell(own -> written.changed());
            } catch (IOException e) {
                throw refused(file, SYMBOLS, e);
            }
        }
    }

    /** A piece lies in its place, and nobody runs it yet. */
    static void placed(Code code) {
        for (Code.Part part : code.parts()) {
            if (perfMap.isPresent()) {
                perfMap.get().add(code.name(part), part);
            }
            if (jitDump.isPresent()) {
                jitDump.get().add(code.name(part), part, code.lines(part), code.bytes(part));
            }
        }
    }

    /** A piece is among those of its cache. */
    static void committed() {
        if (symbols.isPresent()) {
            symbols.get().changed();
        }
    }

    /** A file cannot be continued: what was to be looked at is lost, but what runs goes on. */
    static void ended(Path file, Exception reason) {
        System.getLogger("dev.intaglio.runtime")
                .log(Logger.Level.WARNING, "nothing further is written to " + file, reason);
    }

    /** A file is not begun, because an option has HotSpot write it. */
    static void notBegun(Path file, String option, String property) {
        System.getLogger("dev.intaglio.runtime")
                .log(
                        Logger.Level.WARNING,
                        "nothing is written to " + file + ", which HotSpot writes as the JVM ends: leave out " + option
                                + ", or name another folder in the system property " + property);
    }

    private static boolean isSet(String property) {
        return !System.getProperty(property, "").isEmpty();
    }

    private static Path file(String property, String prefix, String suffix) {
        return Path.of(
                System.getProperty(property), prefix + ProcessHandle.current().pid() + suffix);
    }

    private static UncheckedIOException refused(Path file, String property, IOException reason) {
        return new UncheckedIOException(
                file + " cannot be written, as the system property " + property
                        + " asks; name a folder that exists and may be written to: " + reason,
                reason);
    }
}
