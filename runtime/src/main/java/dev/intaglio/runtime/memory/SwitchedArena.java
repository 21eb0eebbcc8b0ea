package dev.intaglio.runtime.memory;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/**
 * One anonymous mapping whose pages are writable until code is committed to them and executable from then on: the way where
 * memory files are refused. Pieces of code share no page, because a page that runs must not become writable.
 */
final class SwitchedArena implements ExecutableArena {
    private static final int PAGE = 4096;
    private static final int READ_WRITE = Linux.PROT_READ | Linux.PROT_WRITE;
    private static final int READ_EXECUTE = Linux.PROT_READ | Linux.PROT_EXEC;

    private final long address;
    private final int size;
    private final ByteBuffer memory;

    private SwitchedArena(long address, int size) {
        this.address = address;
        this.size = size;
        this.memory = new Pointer(address).getByteBuffer(0, size);
    }

    static SwitchedArena open(Site site, int size) throws Linux.Errno {
        long address = site.map(size, READ_WRITE, Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS | Linux.MAP_NORESERVE, -1);
        try {
            // Find out now, not at the first commit, whether the system lets written pages be executed.
            new Pointer(address).setByte(0, (byte) 0xc3);
            Linux.mprotect(address, PAGE, READ_EXECUTE);
            Linux.mprotect(address, PAGE, READ_WRITE);
        } catch (Linux.Errno e) {
            Linux.munmap(address, size);
            throw e;
        }
        return new SwitchedArena(address, size);
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
        return PAGE;
    }

    @Override
    public void write(long to, ByteBuffer bytes) {
        memory.put((int) (to - address), bytes, bytes.position(), bytes.remaining());
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
        memory.get((int) (from - address), bytes);
        return bytes;
    }

    @Override
    public void publish(long at, int length) {
        protect(at, length, READ_EXECUTE);
    }

    @Override
    public void withdraw(long at, int length) {
        protect(at, length, READ_WRITE);
    }

    private static void protect(long at, int length, int protection) {
        try {
            Linux.mprotect(at, length + PAGE - 1 & -PAGE, protection);
        } catch (Linux.Errno e) {
            throw new UnsupportedOperationException(
                    "the system refused to change the protection of code: " + e.getMessage(), e);
        }
    }

    @Override
    public String describe() {
        return "one mapping at 0x" + Long.toHexString(address) + ", switched page by page from writable to executable";
    }

    @Override
    public void close() {
        Linux.munmap(address, size);
    }
}
