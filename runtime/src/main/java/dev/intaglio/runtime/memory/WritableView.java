package dev.intaglio.runtime.memory;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/** A second view of the code, writable and somewhere else: a commit is a plain copy. */
final class WritableView implements CodeWriting {
    private final long address;
    private final int size;
    private final ByteBuffer bytes;

    private WritableView(long address, int size) {
        this.address = address;
        this.size = size;
        this.bytes = new Pointer(address).getByteBuffer(0, size);
    }

    /** Of the head of a memory file. */
    static WritableView ofFile(int fd, int size) throws Linux.Errno {
        return new WritableView(Linux.mmap(0, size, Linux.PROT_NONE, Linux.MAP_SHARED, fd, 0), size);
    }

    /** Of shared memory that is reserved in one mapping. */
    static WritableView of(long code, int size) throws Linux.Errno {
        return new WritableView(Linux.duplicate(code, size), size);
    }

    @Override
    public void grow(long offset, long length) throws Linux.Errno {
        Linux.mprotect(address + offset, length, Linux.PROT_READ | Linux.PROT_WRITE);
    }

    @Override
    public void populate(long offset, long length) {
        if (Linux.populate(address + offset, length, true)) {
            for (long page = offset; page < offset + length; page += Linux.PAGE) {
                bytes.put((int) page, bytes.get((int) page)); // a hypervisor may map a page as late as this
            }
        }
    }

    @Override
    public void write(long offset, ByteBuffer source) {
        bytes.put((int) offset, source, source.position(), source.remaining());
    }

    @Override
    public synchronized void patch(long offset, int width, long value) {
        Words.store(bytes, (int) offset, width, value);
    }

    @Override
    public String describe() {
        return "writable view at 0x" + Long.toHexString(address);
    }

    @Override
    public void close() {
        Linux.munmap(address, size);
    }
}
