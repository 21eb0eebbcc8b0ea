package dev.intaglio.runtime.memory;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/**
 * A memory file, reserved whole at one place and mapped executable as far as it is used. Code is written through a second
 * view or through the file itself, so no address is ever both writable and executable.
 *
 * <p>The data region is a private mapping at its final address beside the code: it needs no second view, and after a fork
 * the two processes do not write to each other's data.
 */
final class MemoryFileArena implements ExecutableArena {
    private final int fd;
    private final long address;
    private final int size;
    private final int codeSize;
    private final int granule;
    private final CodeWriting code;
    private final ByteBuffer data;

    private MemoryFileArena(int fd, long address, int size, int codeSize, int granule, CodeWriting code) {
        this.fd = fd;
        this.address = address;
        this.size = size;
        this.codeSize = codeSize;
        this.granule = granule;
        this.code = code;
        this.data = new Pointer(address + codeSize).getByteBuffer(0, size - codeSize);
    }

    static MemoryFileArena open(Site site, MemoryPlan plan) throws Linux.Errno {
        int fd = Linux.memoryFile(plan.name(), plan.size());
        long address = 0;
        try {
            address = site.map(plan.size(), Linux.PROT_NONE, Linux.MAP_SHARED, fd);
            CodeWriting code = plan.hardened() ? new FileWrites(fd) : WritableView.open(fd, plan.codeSize());
            MemoryFileArena arena =
                    new MemoryFileArena(fd, address, plan.size(), plan.codeSize(), plan.granule(), code);
            arena.probe();
            return arena;
        } catch (Linux.Errno e) {
            if (address != 0) {
                Linux.munmap(address, plan.size());
            }
            Linux.close(fd);
            throw e;
        }
    }

    /** Finds out now, not at the first commit, whether the system lets the file be executed. */
    private void probe() throws Linux.Errno {
        try {
            long page = Linux.mmap(0, PAGE, Linux.PROT_READ | Linux.PROT_EXEC, Linux.MAP_SHARED, fd, 0);
            Linux.munmap(page, PAGE);
        } catch (Linux.Errno e) {
            code.close();
            throw e;
        }
    }

    @Override
    public long address() {
        return address;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int granule() {
        return granule;
    }

    @Override
    public void grow(long at, long length) throws Linux.Errno {
        long offset = at - address;
        boolean executable = offset < codeSize;
        if (executable) {
            code.grow(offset, length);
        }
        // Mapped anew rather than protected otherwise: where a filter forbids mprotect to add PROT_EXEC this still
        // works.
        Linux.mmap(
                at,
                length,
                Linux.PROT_READ | (executable ? Linux.PROT_EXEC : Linux.PROT_WRITE),
                (executable ? Linux.MAP_SHARED : Linux.MAP_PRIVATE) | Linux.MAP_FIXED,
                fd,
                offset);
    }

    @Override
    public void write(long to, ByteBuffer bytes) {
        int offset = (int) (to - address);
        if (offset < codeSize) {
            code.write(offset, bytes);
        } else {
            data.put(offset - codeSize, bytes, bytes.position(), bytes.remaining());
        }
    }

    @Override
    public void patch(long at, int width, long value) throws Linux.Errno {
        code.patch(at - address, width, value);
    }

    @Override
    public void publish(long at, int length) {
        // The executable view shows what was written.
    }

    @Override
    public void withdraw(long at, int length) {
        // Code is never written at the address it runs at.
    }

    @Override
    public String describe() {
        return "memory file, executable view at 0x" + Long.toHexString(address) + ", " + code.describe();
    }

    @Override
    public void close() {
        code.close();
        Linux.munmap(address, size);
        Linux.close(fd);
    }
}
