package dev.intaglio.runtime;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.lang.ref.Reference;

/** Has the kernel refuse system calls to all threads of this process from now on (seccomp(2), a classic BPF program). */
public final class Seccomp {
    static final int MMAP = 9;
    static final int MPROTECT = 10;
    static final int CLONE = 56;
    static final int MEMFD_CREATE = 319;
    public static final int MEMBARRIER = 324;
    static final int CLONE3 = 435;

    private static final int EPERM = 1;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final long SYS_SECCOMP = 317;
    private static final int SET_MODE_FILTER = 1;
    private static final int FLAG_TSYNC = 1;
    private static final int ALLOWED = 0x7fff0000;
    private static final int REFUSED = 0x00050000 | EPERM;
    private static final int LOAD_WORD = 0x20;
    private static final int JUMP_EQUAL = 0x15;
    private static final int JUMP_SET = 0x45;
    private static final int RETURN = 0x06;

    private Seccomp() {}

    /** Refuses the call. */
    public static void refuse(int call) {
        install(
                op(LOAD_WORD, 0, 0, 0),
                op(JUMP_EQUAL, 0, 1, call),
                op(RETURN, 0, 0, REFUSED),
                op(RETURN, 0, 0, ALLOWED));
    }

    /** Refuses the call when an argument has one of the bits. */
    static void refuse(int call, int argument, int bits) {
        install(
                op(LOAD_WORD, 0, 0, 0),
                op(JUMP_EQUAL, 0, 3, call),
                op(LOAD_WORD, 0, 0, 16 + 8 * argument),
                op(JUMP_SET, 0, 1, bits),
                op(RETURN, 0, 0, REFUSED),
                op(RETURN, 0, 0, ALLOWED));
    }

    /** Refuses the call when an argument has one of the bits and another one, too. */
    static void refuse(int call, int argument, int bits, int otherArgument, int otherBits) {
        install(
                op(LOAD_WORD, 0, 0, 0),
                op(JUMP_EQUAL, 0, 5, call),
                op(LOAD_WORD, 0, 0, 16 + 8 * argument),
                op(JUMP_SET, 0, 3, bits),
                op(LOAD_WORD, 0, 0, 16 + 8 * otherArgument),
                op(JUMP_SET, 0, 1, otherBits),
                op(RETURN, 0, 0, REFUSED),
                op(RETURN, 0, 0, ALLOWED));
    }

    private static void install(long... program) {
        Memory filter = new Memory(8L * program.length);
        filter.write(0, program, 0, program.length);
        Memory header = new Memory(16); // struct sock_fprog
        header.setShort(0, (short) program.length);
        header.setPointer(8, filter);
        int privileges = function("prctl").invokeInt(new Object[] {PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L});
        long installed =
                function("syscall").invokeLong(new Object[] {SYS_SECCOMP, SET_MODE_FILTER, FLAG_TSYNC, header});
        Reference.reachabilityFence(filter);
        if (privileges != 0 || installed != 0) {
            throw new IllegalStateException("seccomp: errno " + Native.getLastError());
        }
    }

    /** struct sock_filter: u16 code, u8 jump if true, u8 jump if false, u32 operand. */
    private static long op(int code, int jumpTrue, int jumpFalse, int operand) {
        return code | (long) jumpTrue << 16 | (long) jumpFalse << 24 | (long) operand << 32;
    }

    private static Function function(String name) {
        return NativeLibrary.getProcess().getFunction(name);
    }
}
