package dev.intaglio.runtime.memory;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/**
 * A memory file mapped twice: code is written through one view and run through another, so no address is ever both
 * writable and executable, and a commit is a plain copy.
 *
 * <p>The data region is a private mapping at its final address beside the code: it needs no second view, and after a fork
 * the two processes do not write to each other's data.
 */
final class MemoryFileArena implements ExecutableArena {
    private final long address;
    private final int size;
    private final int codeSize;
    private final long view;
    private final ByteBuffer writable;
    private final ByteBuffer data;

    private MemoryFileArena(long address, int size, int codeSize, long view) {
        this.address = address;
        this.size = size;
        this.codeSize = codeSize;
        this.view = view;
        this.writable = new Pointer(view).getByteBuffer(0, codeSize);
        this.data = new Pointer(address + codeSize).getByteBuffer(0, size - codeSize);
    }

    static MemoryFileArena open(String name, Site site, int size, int codeSize) throws Linux.Errno {
        int fd = Linux.memoryFile(name, size);
        long address = 0;
        try {
            address = site.map(size, Linux.PROT_READ | Linux.PROT_EXEC, Linux.MAP_SHARED, fd);
            Linux.mmap(
                    address + codeSize,
                    size - codeSize,
                    Linux.PROT_READ | Linux.PROT_WRITE,
                    Linux.MAP_PRIVATE | Linux.MAP_FIXED,
                    fd,
                    codeSize);
            long view = Linux.mmap(0, codeSize, Linux.PROT_READ | Linux.PROT_WRITE, Linux.MAP_SHARED, fd, 0);
            return new MemoryFileArena(address, size, codeSize, view);
        } catch (Linux.Errno e) {
            if (address != 0) {
                Linux.munmap(address, size);
            }
            throw e;
        } finally {
            Linux.close(fd);
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
        return 64;
    }

    @Override
    public void write(long to, ByteBuffer bytes) {
        int offset = (int) (to - address);
        if (offset < codeSize) {
            writable.put(offset, bytes, bytes.position(), bytes.remaining());
        } else {
            data.put(offset - codeSize, bytes, bytes.position(), bytes.remaining());
        }
    }

    @Override
    public void erase(long from, int length) {
        int page = TRAPS.capacity();
        for (int at = 0; at < length; at += page) {
            write(from + at, ExecutableArena.traps(Math.min(length - at, page)));
        }
    }

    @Override
    public byte[] read(long from, int length) {
        byte[] bytes = new byte[length];
        int offset = (int) (from - address);
        if (offset < codeSize) {
            writable.get(offset, bytes);
        } else {
            data.get(offset - codeSize, bytes);
        }
        return bytes;
    }

    @Override
    public void publish(long at, int length) {
        // Both views show the same pages.
    }

    @Override
    public void withdraw(long at, int length) {
        // The writable view is always writable.
    }

    @Override
    public String describe() {
        return "memory file, executable view at 0x" + Long.toHexString(address) + ", writable view at 0x"
                + Long.toHexString(view);
    }

    @Override
    public void close() {
        Linux.munmap(view, codeSize);
        Linux.munmap(address, size);
    }
}
