package dev.intaglio.runtime.memory;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/** The few system calls that memory needs, through JNA. Addresses and sizes are longs; failure is an {@link Errno}. */
final class Linux {
    /** Bytes of a page on x86-64. */
    static final int PAGE = 4096;

    static final int PROT_NONE = 0;
    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int PROT_EXEC = 4;

    static final int MAP_SHARED = 0x01;
    static final int MAP_PRIVATE = 0x02;
    static final int MAP_FIXED = 0x10;
    static final int MAP_ANONYMOUS = 0x20;
    static final int MAP_NORESERVE = 0x4000;
    /** Since Linux 4.17; older kernels take the address as a hint, so the answer must be compared. */
    static final int MAP_FIXED_NOREPLACE = 0x100000;

    private static final int MFD_CLOEXEC = 0x1;
    private static final int MFD_ALLOW_SEALING = 0x2;
    /** Since Linux 6.3: the file may be mapped executable whatever vm.memfd_noexec = 1 says. */
    private static final int MFD_EXEC = 0x10;

    private static final int F_ADD_SEALS = 1033;
    /** Nobody can cut the file off below what is mapped, which would be a SIGBUS. */
    private static final int F_SEAL_SHRINK_AND_GROW = 0x2 | 0x4;

    private static final int MREMAP_MAYMOVE = 1;
    /** Since Linux 5.14. */
    private static final int MADV_POPULATE_READ = 22;

    private static final int MADV_POPULATE_WRITE = 23;
    private static final int PR_SET_VMA = 0x53564d41;

    /** At least the size of a pthread_attr_t. */
    private static final int PTHREAD_ATTRIBUTES = 128;

    private static final int EINVAL = 22;
    private static final int O_CLOEXEC = 0x80000;
    private static final long SYS_MEMFD_CREATE = 319;
    private static final long SYS_MEMBARRIER = 324;
    private static final int PRIVATE_EXPEDITED_SYNC_CORE = 1 << 5;
    private static final int REGISTER_PRIVATE_EXPEDITED_SYNC_CORE = 1 << 6;

    private static final Function MMAP = function("mmap");
    private static final Function MREMAP = function("mremap");
    private static final Function MUNMAP = function("munmap");
    private static final Function MPROTECT = function("mprotect");
    private static final Function MADVISE = function("madvise");
    private static final Function FTRUNCATE = function("ftruncate");
    private static final Function CLOSE = function("close");
    private static final Function FCNTL = function("fcntl");
    private static final Function PWRITE = function("pwrite");
    private static final Function PRCTL = function("prctl");
    private static final Function SYSCALL = function("syscall");

    private Linux() {}

    private static Function function(String name) {
        return NativeLibrary.getProcess().getFunction(name);
    }

    static long mmap(long address, long size, int protection, int flags, int fd, long offset) throws Errno {
        long mapped = MMAP.invokeLong(new Object[] {address, size, protection, flags, fd, offset});
        if (mapped == -1) {
            throw failed("mmap");
        }
        return mapped;
    }

    /** Maps shared memory once more, somewhere else, protected as it is. */
    static long duplicate(long address, long size) throws Errno {
        long mapped = MREMAP.invokeLong(new Object[] {address, 0L, size, MREMAP_MAYMOVE});
        if (mapped == -1) {
            throw failed("mremap");
        }
        return mapped;
    }

    static void munmap(long address, long size) {
        MUNMAP.invokeInt(new Object[] {address, size});
    }

    static void mprotect(long address, long size, int protection) throws Errno {
        if (MPROTECT.invokeInt(new Object[] {address, size, protection}) != 0) {
            throw failed("mprotect");
        }
    }

    /**
     * Has the pages of a mapping there, to be written or only read, before they are touched, each of which is a fault; false where the
     * system refuses, and they come as they are touched.
     */
    static boolean populate(long address, long size, boolean written) {
        return MADVISE.invokeInt(new Object[] {address, size, written ? MADV_POPULATE_WRITE : MADV_POPULATE_READ}) == 0;
    }

    /** A nameless file in memory of {@code size} bytes that may be mapped executable. */
    static int memoryFile(String name, long size) throws Errno {
        long fd = SYSCALL.invokeLong(new Object[] {SYS_MEMFD_CREATE, name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC});
        if (fd < 0 && Native.getLastError() == EINVAL) {
            fd = SYSCALL.invokeLong(new Object[] {SYS_MEMFD_CREATE, name, MFD_CLOEXEC | MFD_ALLOW_SEALING});
        }
        if (fd < 0) {
            throw failed("memfd_create");
        }
        if (FTRUNCATE.invokeInt(new Object[] {(int) fd, size}) != 0) {
            Errno failure = failed("ftruncate");
            close((int) fd);
            throw failure;
        }
        FCNTL.invokeInt(new Object[] {(int) fd, F_ADD_SEALS, F_SEAL_SHRINK_AND_GROW});
        return (int) fd;
    }

    /** A file's descriptor; -1 where it cannot be opened. */
    static int openForReading(String path) {
        return function("open").invokeInt(new Object[] {path, O_CLOEXEC});
    }

    /** Writes bytes of native memory to a file, and returns how many were written. */
    static long pwrite(int fd, Pointer from, long length, long offset) throws Errno {
        long written = PWRITE.invokeLong(new Object[] {fd, from, length, offset});
        if (written <= 0) {
            throw failed("pwrite");
        }
        return written;
    }

    /** Names anonymous memory in {@code /proc/self/maps}; kernels before 5.17 do not know how, and nothing depends on it. */
    static void nameAnonymous(long address, long size, String name) {
        PRCTL.invokeInt(new Object[] {PR_SET_VMA, 0L, address, size, name});
    }

    /** The lowest address of this thread's stack. */
    static long lowestOfStack() throws Errno {
        long self = function("pthread_self").invokeLong(new Object[0]);
        try (Memory attributes = new Memory(PTHREAD_ATTRIBUTES);
                Memory result = new Memory(2L * Long.BYTES)) {
            int error = function("pthread_getattr_np").invokeInt(new Object[] {self, attributes});
            if (error != 0) {
                throw new Errno("pthread_getattr_np", error);
            }
            function("pthread_attr_getstack").invokeInt(new Object[] {attributes, result, result.share(Long.BYTES)});
            function("pthread_attr_destroy").invokeInt(new Object[] {attributes});
            return result.getLong(0);
        }
    }

    static void close(int fd) {
        CLOSE.invokeInt(new Object[] {fd});
    }

    /** Asks for {@link #synchronizeCores}; false where the kernel has no such thing. */
    static boolean registerCoreSynchronization() {
        return SYSCALL.invokeLong(new Object[] {SYS_MEMBARRIER, REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0}) == 0;
    }

    /** Makes every thread of the process run a serializing instruction before it returns to its code; false where it is refused. */
    static boolean synchronizeCores() {
        return SYSCALL.invokeLong(new Object[] {SYS_MEMBARRIER, PRIVATE_EXPEDITED_SYNC_CORE, 0, 0}) == 0;
    }

    private static Errno failed(String call) {
        return new Errno(call, Native.getLastError());
    }

    /** A system call that failed, with its reason. */
    static final class Errno extends Exception {
        static final int EPERM = 1;
        static final int ENOMEM = 12;
        static final int EACCES = 13;
        static final int EEXIST = 17;
        static final int EMFILE = 24;
        static final int EFBIG = 27;
        static final int ENOSPC = 28;
        static final int ENOSYS = 38;

        private static final long serialVersionUID = 1L;

        private final String call;
        private final int number;

        Errno(String call, int number) {
            super(call + ": " + reason(number));
            this.call = call;
            this.number = number;
        }

        /** The system call. */
        String call() {
            return call;
        }

        /** What errno(3) lists. */
        int number() {
            return number;
        }

        private static String reason(int number) {
            return switch (number) {
                case EPERM -> "operation not permitted (EPERM)";
                case ENOMEM -> "out of memory or address space (ENOMEM)";
                case EACCES -> "permission denied (EACCES)";
                case EEXIST -> "the addresses are taken (EEXIST)";
                case EMFILE -> "too many open files (EMFILE)";
                case EFBIG -> "the file would be too large (EFBIG)";
                case ENOSPC -> "no space left (ENOSPC)";
                case ENOSYS -> "the kernel does not have it (ENOSYS)";
                default -> "errno " + number;
            };
        }
    }
}
