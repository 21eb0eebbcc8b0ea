package dev.intaglio.stencils.model;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Label;

/** What surrounds a stencil under test: registers from a block and back to it, and functions that note their calls. */
@Stencils
public interface Probe {
    /** Takes over all registers but rsp's old value from the block; the host's are kept on the host's stack. */
    @Stencil("""
        | push rbp
        | push rbx
        | push r12
        | push r13
        | push r14
        | push r15
        | mov  rax, block
        | mov  [rax + HOST_STACK], rsp
        for (int i = 0; i < 16; i++) {
        | movsd xmm(i), [rax + XMMS + i*8]
        }
        for (int i = 1; i < 16; i++) {
        | mov  Rq(i), [rax + i*8]
        }
        | mov  rax, [rax]
        """)
    void enter(long block);

    /** Gives all registers to the block, says by which way it was left, and returns to the host. */
    @Stencil("""
        |=>here:
        | push rax
        | mov  rax, block
        | pop  qword [rax]
        for (int i = 1; i < 16; i++) {
        | mov  [rax + i*8], Rq(i)
        }
        for (int i = 0; i < 16; i++) {
        | movsd [rax + XMMS + i*8], xmm(i)
        }
        | mov  qword [rax + WAY_OUT], id
        | mov  rsp, [rax + HOST_STACK]
        | pop  r15
        | pop  r14
        | pop  r13
        | pop  r12
        | pop  rbx
        | pop  rbp
        | ret
        """)
    void exit(Label here, long block, int id);

    @Stencil("""
        |.cold
        | jmp =>target
        """)
    void endOfCold(Label target);

    @Stencil("""
        | jmp =>cold
        |.cold
        |=>cold:
        """)
    void toCold(Label cold);

    /** Notes a call and its arguments; stores what the cell says, and takes the result from there. Keeps all but rax. */
    @Stencil("""
        | push rax
        | push rcx
        | mov  rax, log
        | mov  rcx, [rax]
        | inc  qword [rax]
        | shl  rcx, 7
        | lea  rax, [rax + rcx + 8]
        | mov  qword [rax + LOG_FUNCTION], id
        | mov  [rax + LOG_RDI], rdi
        | mov  [rax + LOG_RSI], rsi
        | mov  [rax + LOG_RDX], rdx
        | pop  rcx
        | mov  [rax + LOG_RCX], rcx
        | pop  rcx
        | mov  [rax + LOG_RAX], rcx
        | mov  rcx, [rax + LOG_RCX]
        | movsd [rax + LOG_XMM0], xmm0
        | movsd [rax + LOG_XMM1], xmm1
        | mov  [rax + LOG_RBP], rbp
        | mov  [rax + LOG_R14], r14
        | mov  [rax + LOG_RSP], rsp
        | push rcx
        | push rdx
        | mov  rax, cell
        | mov  rcx, [rax]
        | inc  qword [rax]
        | lea  rcx, [rcx + rcx*2]
        | lea  rcx, [rax + rcx*8 + 8]
        | mov  rax, [rcx + 8]
        | mov  rdx, [rcx + 16]
        | mov  [rax], rdx
        | mov  rax, [rcx]
        | pop  rdx
        | pop  rcx
        """)
    void note(long log, int id, long cell);

    @Stencil("""
        | mov Rq(register), 0x5BADC0DE5BADC0DE
        """)
    void spoil(int register);

    @Stencil("""
        | pcmpeqd xmm(register), xmm(register)
        """)
    void spoilFloat(int register);

    @Stencil("""
        | movq xmm0, rax
        """)
    void resultIsDoubleToo();

    @Stencil("""
        | ret
        """)
    void ret();

    // The block.
    int XMMS = 128;
    int HOST_STACK = 256;
    int WAY_OUT = 264;
    int BLOCK_BYTES = 272;

    // An entry of the log.
    int LOG_FUNCTION = 0;
    int LOG_RDI = 8;
    int LOG_RSI = 16;
    int LOG_RDX = 24;
    int LOG_RCX = 32;
    int LOG_RAX = 40;
    int LOG_XMM0 = 48;
    int LOG_XMM1 = 56;
    int LOG_RSP = 64;
    int LOG_RBP = 72;
    int LOG_R14 = 80;
    int LOG_ENTRY_BYTES = 128;
    int LOG_ENTRIES = 32;
    int CALLS = 8;
    int CELL_BYTES = 8 + CALLS * 24;
}
