package dev.intaglio.stencils;

/**
 * Which register holds what in compiled code, and why.
 *
 * <table>
 * <caption>Registers by role</caption>
 * <tr><td>r13</td><td>the frame, {@code _PyInterpreterFrame*}: every local and stack slot is {@code [r13 + disp]}; kept by
 *     calls</td></tr>
 * <tr><td>r15</td><td>the thread, {@code PyThreadState*}; kept by calls</td></tr>
 * <tr><td>rbx</td><td>the interpreter, {@code PyInterpreterState*}: eval breaker and free floats; kept by calls</td></tr>
 * <tr><td>rsp</td><td>points to this frame's {@code _PyCFrame}, with the spill slots of unboxed values above it</td></tr>
 * <tr><td>rax, rcx, rdx, rsi, rdi</td><td>scratch inside a stencil; rax and rdx because division takes them, rcx because
 *     shifts do</td></tr>
 * <tr><td>xmm0, xmm1</td><td>scratch inside a stencil, and the arguments of libm</td></tr>
 * <tr><td>{@link #ints()}</td><td>unboxed ints between stencils</td></tr>
 * <tr><td>xmm2 to xmm15</td><td>unboxed floats between stencils</td></tr>
 * </table>
 */
public interface Registers {
    int RAX = 0;
    int RCX = 1;
    int RDX = 2;
    int RSI = 6;
    int RDI = 7;
    int R8 = 8;
    int R9 = 9;
    int R12 = 12;

    /** First the ones that calls keep. */
    static int[] ints() {
        return new int[] {5, 12, 14, 8, 9, 10, 11};
    }

    /** The floats of the pool; no call keeps any of them. */
    static int[] floats() {
        return new int[] {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    }

    /** Where the spill slots begin, above the {@code _PyCFrame}. */
    int SPILLS = Layout.CFRAME_BYTES;
}
