package dev.intaglio.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Semaphore;

/**
 * The names and source lines of all code in {@code intaglio-PID.elf} in the folder of {@code -Dintaglio.symbols=FOLDER}, for
 * {@code add-symbol-file} of GDB. A thread writes it anew some time after code was committed, and the JVM when it ends.
 */
final class SymbolFile {
    private static final long PAUSE_MILLIS = 100;

    private final Path path;
    private final Semaphore changes = new Semaphore(0);
    private boolean ended;

    SymbolFile(Path path) throws IOException {
        this.path = path;
        write(); // says at once whether that is possible
        Thread writer = new Thread(this::keepWriting, "intaglio symbols");
        writer.setDaemon(true);
        writer.start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::writeOrTell, "intaglio symbols at exit"));
    }

    /** Code was committed. */
    void changed() {
        changes.release();
    }

    private void keepWriting() {
        try {
            while (true) {
                changes.acquire();
                Thread.sleep(PAUSE_MILLIS);
                changes.drainPermits();
                writeOrTell();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void writeOrTell() {
        if (ended) {
            return;
        }
        try {
            write();
        } catch (IOException | RuntimeException e) {
            ended = true;
            NativeTools.ended(path, e);
        }
    }

    private void write() throws IOException {
        Path unfinished = path.resolveSibling(path.getFileName() + ".new");
        CodeRegistry.writeSymbols(unfinished);
        Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
