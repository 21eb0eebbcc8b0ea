package dev.intaglio.runtime.memory;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/** A second view of the code, writable and somewhere else: a commit is a plain copy. */
final class WritableView implements CodeWriting {
    private final int fd;
    private final long address;
    private final int size;
    private final ByteBuffer bytes;

    private WritableView(int fd, long address, int size) {
        this.fd = fd;
        this.address = address;
        this.size = size;
        this.bytes = new Pointer(address).getByteBuffer(0, size);
    }

    static WritableView open(int fd, int size) throws Linux.Errno {
        return new WritableView(fd, Linux.mmap(0, size, Linux.PROT_NONE, Linux.MAP_SHARED, fd, 0), size);
    }

    @Override
    public void grow(long offset, long length) throws Linux.Errno {
        int writable = Linux.PROT_READ | Linux.PROT_WRITE;
        Linux.mmap(address + offset, length, writable, Linux.MAP_SHARED | Linux.MAP_FIXED, fd, offset);
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
