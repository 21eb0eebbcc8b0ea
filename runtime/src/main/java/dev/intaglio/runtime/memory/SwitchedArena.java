package dev.intaglio.runtime.memory;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/**
 * One anonymous mapping whose pages are writable until code is committed to them and executable from then on: the way where
 * memory files are refused. Pieces of code share no page, because a page that runs must not become writable.
 */
final class SwitchedArena implements ExecutableArena {
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

    static SwitchedArena open(Site site, MemoryPlan plan) throws Linux.Errno {
        int size = plan.size();
        long address = site.reserve(plan);
        try {
            // Find out now, not at the first commit, whether the system lets written pages be executed.
            Linux.mprotect(address, Linux.PAGE, READ_WRITE);
            new Pointer(address).setByte(0, (byte) 0xc3);
            Linux.mprotect(address, Linux.PAGE, READ_EXECUTE);
            Linux.mprotect(address, Linux.PAGE, Linux.PROT_NONE);
        } catch (Linux.Errno e) {
            Linux.munmap(address, size);
            throw e;
        }
        Linux.nameAnonymous(address, size, plan.name());
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
        return Linux.PAGE;
    }

    @Override
    public void grow(long at, long length) throws Linux.Errno {
        Linux.mprotect(at, length, READ_WRITE);
    }

    @Override
    public void write(long to, ByteBuffer bytes) {
        memory.put((int) (to - address), bytes, bytes.position(), bytes.remaining());
    }

    /** The page runs and stays as it is; the same memory is mapped once more, for this one store. */
    @Override
    public synchronized void patch(long at, int width, long value) throws Linux.Errno {
        long page = at & -Linux.PAGE;
        long view = Linux.duplicate(page, Linux.PAGE);
        try {
            Linux.mprotect(view, Linux.PAGE, READ_WRITE);
            Words.store(new Pointer(view).getByteBuffer(0, Linux.PAGE), (int) (at - page), width, value);
        } finally {
            Linux.munmap(view, Linux.PAGE);
        }
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
            Linux.mprotect(at, length + Linux.PAGE - 1 & -Linux.PAGE, protection);
        } catch (Linux.Errno e) {
            throw new MemoryRefusedException(
                    "the system refused to change the protection of code: " + Refusals.explain(e), e);
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
