package dev.intaglio.tests.bench;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;

/** What the benchmark of calls emits. */
@Stencils
public interface CallStencils {
    /** {@code long f(long a, long b)} by the System V calling convention. */
    @Stencil("""
        | lea rax, [rdi + rsi]
        | ret
        """)
    void add();

    /** The same as a static native method: the environment and the class come first. */
    @Stencil("""
        | lea rax, [rdx + rcx]
        | ret
        """)
    void addForJni();

    /** Calls {@code function()} with the stack so many bytes further down, a multiple of 16. */
    @Stencil("""
        | push rbp
        | mov  rbp, rsp
        | sub  rsp, rdi
        | call function
        | leave
        | ret
        """)
    void further(long function);

    /** Gives back its first argument. */
    @Stencil("""
        | mov rax, rdi
        | ret
        """)
    void same();

    /** {@code long f(long n)} that calls {@code function(n, sum)} for n down to 1. */
    @Stencil("""
        | push rbx
        | push r12
        | sub  rsp, 8
        | mov  rbx, rdi
        | xor  eax, eax
        |1:
        | mov  rdi, rbx
        | mov  rsi, rax
        | call function
        | dec  rbx
        | jnz  <1
        | add  rsp, 8
        | pop  r12
        | pop  rbx
        | ret
        """)
    void callBack(long function);
}
