package dev.intaglio.runtime.memory;

/**
 * Two views of memory that has no file: perf reads the names of code for such memory alone, and knows it by the path that the
 * kernel gives it, {@code /dev/zero (deleted)}, so it gets no other name.
 */
final class AnonymousArena extends TwoViewArena {
    private static final int READ_EXECUTE = Linux.PROT_READ | Linux.PROT_EXEC;

    private AnonymousArena(long address, MemoryPlan plan, CodeWriting code) {
        super(address, plan, code);
    }

    static AnonymousArena open(Site site, MemoryPlan plan) throws Linux.Errno {
        long address = site.reserve(plan);
        try {
            // Find out now, not at the first commit, whether the system lets it be executed.
            Linux.mprotect(address, Linux.PAGE, READ_EXECUTE);
            Linux.mprotect(address, Linux.PAGE, Linux.PROT_NONE);
            return new AnonymousArena(address, plan, WritableView.of(address, plan.codeSize()));
        } catch (Linux.Errno e) {
            Linux.munmap(address, plan.size());
            throw e;
        }
    }

    @Override
    void growCode(long at, long length) throws Linux.Errno {
        Linux.mprotect(at, length, READ_EXECUTE);
    }

    @Override
    void growData(long at, long length) throws Linux.Errno {
        Linux.mprotect(at, length, Linux.PROT_READ | Linux.PROT_WRITE);
    }

    @Override
    public String describe() {
        return "anonymous memory, " + super.describe();
    }
}
