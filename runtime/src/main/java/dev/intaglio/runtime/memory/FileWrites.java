package dev.intaglio.runtime.memory;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/** Code written through the memory file (pwrite): there is no address at which it could be changed. */
final class FileWrites implements CodeWriting {
    private static final int STAGED = 64 << 10;

    private final int fd;
    private final Memory stage = new Memory(STAGED);

    FileWrites(int fd) {
        this.fd = fd;
    }

    @Override
    public void grow(long offset, long length) {
        // The file has its full length from the beginning.
    }

    @Override
    public synchronized void write(long offset, ByteBuffer bytes) {
        ByteBuffer source = bytes.duplicate();
        ByteBuffer staged = stage.getByteBuffer(0, STAGED);
        long at = offset;
        while (source.hasRemaining()) {
            int length = Math.min(source.remaining(), STAGED);
            staged.put(0, source, source.position(), length);
            source.position(source.position() + length);
            writeStaged(at, length);
            at += length;
        }
    }

    private void writeStaged(long offset, int length) {
        try {
            int done = 0;
            while (done < length) {
                done += (int) Linux.pwrite(fd, stage.share(done), length - done, offset + done);
            }
        } catch (Linux.Errno e) {
            throw new MemoryRefusedException(
                    "the system took no more bytes into the memory file: " + Refusals.explain(e), e);
        }
    }

    /** A write to a file need not be seen at once, so the page is mapped, somewhere else and for this one store. */
    @Override
    public synchronized void patch(long offset, int width, long value) throws Linux.Errno {
        long page = offset & -Linux.PAGE;
        long view = Linux.mmap(0, Linux.PAGE, Linux.PROT_READ | Linux.PROT_WRITE, Linux.MAP_SHARED, fd, page);
        Words.store(new Pointer(view).getByteBuffer(0, Linux.PAGE), (int) (offset - page), width, value);
        Linux.munmap(view, Linux.PAGE);
    }

    @Override
    public String describe() {
        return "hardened: no writable view, code is written through the file, patches through a page that is mapped for"
                + " one store";
    }

    @Override
    public void close() {
        stage.close();
    }
}
