package dev.intaglio.runtime.memory;

import com.sun.jna.Pointer;
import java.util.Optional;

/** A page with a little code of the runtime's own, outside of any cache: first written, then executable, never both. */
public final class CodePage implements AutoCloseable {
    private final long address;

    private CodePage(long address) {
        this.address = address;
    }

    /** A page that begins with this code; empty where the system grants none. */
    public static Optional<CodePage> of(byte[] code) {
        try {
            long address = Linux.mmap(
                    0, Linux.PAGE, Linux.PROT_READ | Linux.PROT_WRITE, Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS, -1, 0);
            CodePage page = new CodePage(address);
            new Pointer(address).write(0, code, 0, code.length);
            try {
                Linux.mprotect(address, Linux.PAGE, Linux.PROT_READ | Linux.PROT_EXEC);
            } catch (Linux.Errno refused) {
                page.close();
                return Optional.empty();
            }
            return Optional.of(page);
        } catch (Linux.Errno | LinkageError refused) {
            return Optional.empty();
        }
    }

    /** The address of the first byte. */
    public long address() {
        return address;
    }

    @Override
    public void close() {
        Linux.munmap(address, Linux.PAGE);
    }
}
