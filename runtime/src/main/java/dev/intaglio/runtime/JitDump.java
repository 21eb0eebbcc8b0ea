package dev.intaglio.runtime;

import dev.intaglio.runtime.memory.ExecutableFile;
import dev.intaglio.runtime.memory.Region;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * All code with its bytes and source lines, in the form of Linux' jitdump specification, version 1: {@code jit-PID.dump} in the
 * folder of {@code -Dintaglio.jitDump=FOLDER}. {@code perf record -k 1} notices the file because the process maps a page of it as
 * executable; {@code perf inject --jit} makes ELF files of its records.
 */
final class JitDump {
    private static final int MAGIC = 0x4A69_5444;
    private static final int VERSION = 1;
    private static final int HEADER = 40;
    private static final int X86_64 = 62;
    private static final int LOAD = 0;
    private static final int DEBUG_INFO = 2;
    private static final int PREFIX = 16;

    private final Path path;
    /** Not a channel, which an interrupt of the thread that commits would close. */
    private final OutputStream file;

    private final int pid = (int) ProcessHandle.current().pid();
    private long pieces;
    private boolean ended;

    JitDump(Path path) throws IOException {
        this.path = path;
        file = new FileOutputStream(path.toFile());
        try {
            write(new LittleEndian()
                    .int4(MAGIC)
                    .int4(VERSION)
                    .int4(HEADER)
                    .int4(X86_64)
                    .int4(0)
                    .int4(pid)
                    .int8(System.nanoTime())
                    .int8(0));
            ExecutableFile.mark(path);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** Writes what is to be known of a section. */
    synchronized void add(String name, Code.Part part, List<Listing.Line> lines, byte[] bytes) {
        if (ended || part.region() == Region.DATA) {
            return;
        }
        try {
            write(name, part, lines, bytes);
        } catch (IOException e) {
            ended = true;
            NativeTools.ended(path, e);
        }
    }

    private void write(String name, Code.Part part, List<Listing.Line> lines, byte[] bytes) throws IOException {
        long now = System.nanoTime(); // Linux' JVM reads CLOCK_MONOTONIC, as perf record -k 1 does
        if (!lines.isEmpty()) {
            LittleEndian entries = new LittleEndian();
            for (Listing.Line line : lines) {
                CodePlace.Source source = line.place();
                entries.int8(part.address() + line.position())
                        .int4(source.line())
                        .int4(0)
                        .text(source.file());
            }
            LittleEndian record = new LittleEndian();
            record.int8(part.address()).int8(lines.size()).bytes(entries.toByteArray());
            write(prefixed(DEBUG_INFO, now, record));
        }
        LittleEndian record = new LittleEndian();
        record.int4(pid)
                .int4(pid)
                .int8(part.address())
                .int8(part.address())
                .int8(bytes.length)
                .int8(pieces++)
                .text(name)
                .bytes(bytes);
        write(prefixed(LOAD, now, record));
    }

    private static LittleEndian prefixed(int id, long time, LittleEndian record) {
        return new LittleEndian()
                .int4(id)
                .int4(PREFIX + record.size())
                .int8(time)
                .bytes(record.toByteArray());
    }

    private void write(LittleEndian bytes) throws IOException {
        file.write(bytes.toByteArray());
    }
}
