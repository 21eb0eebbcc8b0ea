package dev.intaglio.stencils;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;

/** A signal handler that changes what its thread blocks. */
@Stencils
public interface Signals {
    /**
     * {@code void handler(int, siginfo_t *, void *context)}: adds {@code mask} to the signals that the thread blocks when it
     * goes on, which are those in the context; then counts.
     */
    @Stencil("""
        | mov  rax, mask
        | or   [rdx + CONTEXT_MASK], rax
        | mov  rax, counter
        | lock inc dword [rax]
        | ret
        """)
    void block(long mask, long counter);

    /** {@code ucontext_t.uc_sigmask} of Linux on x86-64, {@code asm/ucontext.h}. */
    int CONTEXT_MASK = 296;
}
