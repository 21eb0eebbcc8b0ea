package dev.intaglio.stencils;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Label;

/** Loops: the eval breaker, the ways between slower and faster code of one code object, and the counters that open them. */
@Stencils(carry = true)
public interface Control extends Layout {
    /** Goes to {@code pending} where signals, calls or other threads wait. */
    @Stencil("""
        | cmp dword [rbx + INTERPRETER_EVAL_BREAKER], 0
        | jne =>pending
        """)
    void poll(Label pending);

    /**
     * Serves what waits: signals and pending calls, then whoever wants the GIL; an asynchronous exception is the
     * interpreter's. Ends at {@code done}.
     */
    @Stencil("""
        |.cold
        |=>here:
        | call makePendingCalls
        | test eax, eax
        | js   =>failed
        | call saveThread
        | mov  rdi, rax
        | call restoreThread
        | cmp  qword [r15 + THREAD_ASYNC_EXCEPTION], 0
        | jne  =>asynchronous
        | jmp  =>done
        """)
    void serve(
            Label here,
            long makePendingCalls,
            long saveThread,
            long restoreThread,
            Label failed,
            Label asynchronous,
            Label done);

    /**
     * The back edge of slower code: goes to the faster code's entry in {@code cell} where there is one; else counts, and
     * at zero asks {@code optimize} (id, unit) for it.
     */
    @Stencil("""
        | mov  rdx, cell
        | mov  rax, [rdx]
        | test rax, rax
        | jz   >1
        | jmp  rax
        |1:
        | dec  qword [rdx + counter]
        | jz   >2
        | jmp  =>target
        |.cold
        |2:
        | mov  r12, rdx
        | mov  edi, id
        | mov  esi, unit
        | mov  rax, optimize
        | call rax
        | mov  rax, [r12]
        | test rax, rax
        | jz   =>target
        | jmp  rax
        """)
    void backEdge(long cell, int counter, long optimize, int id, int unit, Label target);

    /** The entry of slower code: counts, and at zero asks for faster code, which serves from the next call on. */
    @Stencil("""
        | mov  rdx, counter
        | dec  qword [rdx]
        | jz   >2
        |1:
        |.cold
        |2:
        | mov  edi, id
        | mov  esi, unit
        | mov  rax, optimize
        | call rax
        | jmp  <1
        """)
    void countEntry(long counter, long optimize, int id, int unit);

    /**
     * The end of all exits from faster code: counts the one in ecx among {@code sites}, and all of them; at zero asks for new
     * code. Then goes on at rdx.
     */
    @Stencil("""
        |.cold
        |=>here:
        | mov  rax, sites
        | inc  dword [rax + rcx*4]
        | mov  rax, counter
        | dec  qword [rax]
        | jz   >2
        | jmp  rdx
        |2:
        | mov  r12, rdx
        | mov  edi, id
        | lea  esi, [rcx + EXIT]
        | mov  rax, optimize
        | call rax
        | jmp  r12
        """)
    void counted(Label here, long sites, long counter, long optimize, int id);

    /** Leaves an exit: its number in ecx, the slower code to go on with in rdx. */
    @Stencil("""
        |.cold
        | mov  ecx, site
        | mov  rdx, target
        | jmp  =>counted
        """)
    void exit(int site, long target, Label counted);

    /** What an exit's request adds to its number. */
    int EXIT = 1 << 28;
}
