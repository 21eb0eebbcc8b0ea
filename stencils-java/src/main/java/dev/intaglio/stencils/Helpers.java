package dev.intaglio.stencils;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Label;

/**
 * Subroutines of fast code. Since fast code keeps unboxed values in registers that C calls do not keep, these save whatever
 * C may change; they are called where C is rarely reached.
 */
@Stencils
public interface Helpers extends Layout {
    /**
     * Calls a C function of one argument, and keeps all registers but rax, rcx and rdx (and rdi, which holds the object,
     * where the argument does not come in rax). The argument is in rdi, or in rax as a double's bits or as an int.
     */
    @Stencil("""
        |=>here:
        | push rbp
        | mov  rbp, rsp
        | push rsi
        | push rdi
        | push r8
        | push r9
        | push r10
        | push r11
        | and  rsp, -16
        | sub  rsp, 128
        | movsd [rsp], xmm0
        | movsd [rsp + 8], xmm1
        | movsd [rsp + 16], xmm2
        | movsd [rsp + 24], xmm3
        | movsd [rsp + 32], xmm4
        | movsd [rsp + 40], xmm5
        | movsd [rsp + 48], xmm6
        | movsd [rsp + 56], xmm7
        | movsd [rsp + 64], xmm8
        | movsd [rsp + 72], xmm9
        | movsd [rsp + 80], xmm10
        | movsd [rsp + 88], xmm11
        | movsd [rsp + 96], xmm12
        | movsd [rsp + 104], xmm13
        | movsd [rsp + 112], xmm14
        | movsd [rsp + 120], xmm15
        if (ofDouble) {
        | movq  xmm0, rax
        }
        if (ofInt) {
        | mov   rdi, rax
        }
        | call  function
        | movsd xmm0, [rsp]
        | movsd xmm1, [rsp + 8]
        | movsd xmm2, [rsp + 16]
        | movsd xmm3, [rsp + 24]
        | movsd xmm4, [rsp + 32]
        | movsd xmm5, [rsp + 40]
        | movsd xmm6, [rsp + 48]
        | movsd xmm7, [rsp + 56]
        | movsd xmm8, [rsp + 64]
        | movsd xmm9, [rsp + 72]
        | movsd xmm10, [rsp + 80]
        | movsd xmm11, [rsp + 88]
        | movsd xmm12, [rsp + 96]
        | movsd xmm13, [rsp + 104]
        | movsd xmm14, [rsp + 112]
        | movsd xmm15, [rsp + 120]
        | lea  rsp, [rbp - 48]
        | pop  r11
        | pop  r10
        | pop  r9
        | pop  r8
        | pop  rdi
        | pop  rsi
        | pop  rbp
        | ret
        """)
    void call(Label here, long function, boolean ofDouble, boolean ofInt);

    /** A new float of the double whose bits are in rax, into rax; changes rcx and rdx. Free floats are taken first. */
    @Stencil("""
        |=>here:
        | mov  rcx, [rbx + INTERPRETER_FREE_FLOAT]
        | test rcx, rcx
        | jz   =>slow
        | mov  rdx, [rcx + FLOAT_NEXT_FREE]
        | mov  [rbx + INTERPRETER_FREE_FLOAT], rdx
        | dec  dword [rbx + INTERPRETER_FREE_FLOATS]
        | mov  qword [rcx + OBJECT_REFCNT], 1
        | mov  rdx, type
        | mov  [rcx + OBJECT_TYPE], rdx
        | mov  [rcx + FLOAT_VALUE], rax
        | mov  rax, rcx
        | ret
        """)
    void boxFloat(Label here, long type, Label slow);

    /** A reference to an int of the value in rax, into rax; changes rcx and rdx. Small ints are the ones that exist. */
    @Stencil("""
        |=>here:
        | lea  rcx, [rax - SMALLEST_SMALL_INT]
        | cmp  rcx, SMALL_INTS
        | jae  =>slow
        | shl  rcx, 5
        | mov  rax, smallInts
        | add  rax, rcx
        | inc  qword [rax]
        | ret
        """)
    void boxInt(Label here, long smallInts, Label slow);

    /** Frees the float in rdi, whose last reference is gone; changes rax. */
    @Stencil("""
        |=>here:
        | cmp  dword [rbx + INTERPRETER_FREE_FLOATS], FLOAT_MOST_FREE
        | jae  =>slow
        | mov  rax, [rbx + INTERPRETER_FREE_FLOAT]
        | mov  [rdi + FLOAT_NEXT_FREE], rax
        | mov  [rbx + INTERPRETER_FREE_FLOAT], rdi
        | inc  dword [rbx + INTERPRETER_FREE_FLOATS]
        | ret
        """)
    void dropFloat(Label here, Label slow);
}
