package dev.intaglio.runtime.memory;

/** Two views of a memory file, or one, and code is written through the file itself. */
final class MemoryFileArena extends TwoViewArena {
    private final int fd;
    private final long address;

    private MemoryFileArena(int fd, long address, MemoryPlan plan, CodeWriting code) {
        super(address, plan, code);
        this.fd = fd;
        this.address = address;
    }

    static MemoryFileArena open(Site site, MemoryPlan plan) throws Linux.Errno {
        int fd = Linux.memoryFile(plan.name(), plan.size());
        long address = 0;
        try {
            address = site.map(plan.size(), Linux.PROT_NONE, Linux.MAP_SHARED, fd);
            probe(fd);
            CodeWriting code = plan.hardened() ? new FileWrites(fd) : WritableView.ofFile(fd, plan.codeSize());
            return new MemoryFileArena(fd, address, plan, code);
        } catch (Linux.Errno e) {
            if (address != 0) {
                Linux.munmap(address, plan.size());
            }
            Linux.close(fd);
            throw e;
        }
    }

    /** Finds out now, not at the first commit, whether the system lets the file be executed. */
    private static void probe(int fd) throws Linux.Errno {
        long page = Linux.mmap(0, Linux.PAGE, Linux.PROT_READ | Linux.PROT_EXEC, Linux.MAP_SHARED, fd, 0);
        Linux.munmap(page, Linux.PAGE);
    }

    // Pages are mapped anew rather than protected otherwise: where a filter forbids mprotect to add PROT_EXEC this
    // still works.

    @Override
    void growCode(long at, long length) throws Linux.Errno {
        map(at, length, Linux.PROT_READ | Linux.PROT_EXEC, Linux.MAP_SHARED);
    }

    @Override
    void growData(long at, long length) throws Linux.Errno {
        map(at, length, Linux.PROT_READ | Linux.PROT_WRITE, Linux.MAP_PRIVATE);
    }

    private void map(long at, long length, int protection, int sharing) throws Linux.Errno {
        Linux.mmap(at, length, protection, sharing | Linux.MAP_FIXED, fd, at - address);
    }

    @Override
    public String describe() {
        return "memory file, " + super.describe();
    }

    @Override
    public void close() {
        super.close();
        Linux.close(fd);
    }
}
