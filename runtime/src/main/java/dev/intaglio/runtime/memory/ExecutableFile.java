package dev.intaglio.runtime.memory;

import com.sun.jna.Native;
import java.io.IOException;
import java.nio.file.Path;

/** A file of which a page is mapped as executable, which tells profilers of it. */
public final class ExecutableFile {

    private ExecutableFile() {}

    /**
     * Maps the file's first page for reading and running, for as long as the process lives.
     *
     * @throws IOException where the system refuses it, as on a file system that is mounted noexec
     */
    public static void mark(Path file) throws IOException {
        int fd = Linux.openForReading(file.toString());
        if (fd < 0) {
            throw new IOException(file + " cannot be opened: error " + Native.getLastError());
        }
        try {
            Linux.mmap(0, Linux.PAGE, Linux.PROT_READ | Linux.PROT_EXEC, Linux.MAP_PRIVATE, fd, 0);
        } catch (Linux.Errno refused) {
            throw new IOException(
                    file + " cannot be mapped as executable: " + refused.getMessage()
                            + "; choose a folder that is not mounted noexec",
                    refused);
        } finally {
            Linux.close(fd);
        }
    }
}
