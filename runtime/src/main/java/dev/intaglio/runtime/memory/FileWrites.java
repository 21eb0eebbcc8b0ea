package dev.intaglio.runtime.memory;

import com.sun.jna.Memory;
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

    @Override
    public String describe() {
        return "hardened: no writable view, code is written through the file";
    }

    @Override
    public void close() {
        stage.close();
    }
}
