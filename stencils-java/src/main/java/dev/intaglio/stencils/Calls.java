package dev.intaglio.stencils;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Label;

/**
 * Calls from compiled code. A Python function is called without the C API: its frame is pushed to the thread's data stack, takes
 * over the references to function and arguments, and is cleared when the function has returned, as
 * {@code _PyEvalFramePushAndInit} and {@code _PyEvalFrameClearAndPop} (ceval.c) do.
 */
@Stencils(carry = true)
public interface Calls extends Layout {
    /** Calls what stands in the slots from {@code slot} on, with so many arguments; the result is in r12, 0 if it failed. */
    @Stencil("""
        | lea  rbp, [r13 + slot]
        | mov  r14d, arguments
        | call routine
        """)
    void call(int slot, int arguments, long routine);

    /**
     * The routine behind all calls without keywords. At rbp are NULL and a callable, or a function and self, then the
     * arguments, whose number is in r14; their references are given up. The result is in r12; rbp, r14 and what C may change
     * are changed.
     */
    @Stencil("""
        |=>here:
        | sub  rsp, 8
        | mov  rax, [rbp]
        | lea  r8, [rbp + 8]
        | lea  r9, [r14 + 1]
        | test rax, rax
        | jnz  >1
        | mov  rax, [r8]
        | add  r8, 8
        | dec  r9
        |1:
        | mov  rcx, functionType
        | cmp  [rax + OBJECT_TYPE], rcx
        | jne  =>other
        | mov  rdx, [rax + FUNCTION_CODE]
        | mov  ecx, [rdx + CODE_FLAGS]
        | and  ecx, OPTIMIZED + STARRED
        | cmp  ecx, OPTIMIZED
        | jne  =>other
        | cmp  dword [rdx + CODE_KEYWORD_ONLY], 0
        | jne  =>other
        | mov  r11d, [rdx + CODE_LOCALS_PLUS]
        | add  r11d, [rdx + CODE_STACKSIZE]
        | lea  r11, [r11*8 + FRAME_SLOTS]
        | mov  rsi, [r15 + THREAD_DATA_TOP]
        | add  r11, rsi
        | cmp  r11, [r15 + THREAD_DATA_LIMIT]
        | jae  =>other
        | lea  rdi, [rsi + FRAME_SLOTS]
        | mov  r10d, [rdx + CODE_ARGUMENTS]
        | sub  r10, r9
        | jnz  =>defaults
        |=>complete:
        | mov  [r15 + THREAD_DATA_TOP], r11
        | test r9d, r9d
        | jz   >3
        |2:
        | mov  r11, [r8]
        | mov  [rdi], r11
        | add  r8, 8
        | add  rdi, 8
        | dec  r9d
        | jnz  <2
        |3:
        | lea  rdi, [rdi + r10*8]
        | mov  r10d, [rdx + CODE_LOCALS_PLUS]
        | mov  [rsi + FRAME_STACKTOP], r10d
        | lea  r10, [rsi + r10*8 + FRAME_SLOTS]
        | cmp  rdi, r10
        | jae  >5
        |4:
        | mov  qword [rdi], 0
        | add  rdi, 8
        | cmp  rdi, r10
        | jb   <4
        |5:
        | inc  qword [rdx]
        | mov  [rsi + FRAME_FUNCTION], rax
        | mov  [rsi + FRAME_CODE], rdx
        | mov  r10, [rax + FUNCTION_GLOBALS]
        | mov  r11, [rax + FUNCTION_BUILTINS]
        | mov  [rsi + FRAME_GLOBALS], r10
        | mov  [rsi + FRAME_BUILTINS], r11
        | xor  eax, eax
        | mov  [rsi + FRAME_NAMES], rax
        | mov  [rsi + FRAME_OBJECT], rax
        | mov  [rsi + FRAME_IS_ENTRY], ax
        | lea  r10, [rdx + CODE_BYTECODE - 2]
        | mov  [rsi + FRAME_INSTRUCTION], r10
        | mov  r14, rsi
        | mov  rdi, r15
        | xor  edx, edx
        | call evaluate
        | mov  r12, rax
        | jmp  =>clear
        """)
    void routine(
            Label here, long functionType, long evaluate, Label defaults, Label complete, Label clear, Label other);

    /**
     * Where r10 arguments are missing behind the r9 given: takes them from the function's defaults. The function is in rax,
     * its code in rdx, the new frame in rsi, its slots in rdi.
     */
    @Stencil("""
        |=>here:
        | test r10, r10
        | js   =>other
        | mov  r12, [rax + FUNCTION_DEFAULTS]
        | test r12, r12
        | jz   =>other
        | mov  rcx, [r12 + VAR_SIZE]
        | sub  rcx, r10
        | js   =>other
        | lea  r12, [r12 + rcx*8 + TUPLE_ITEMS]
        | lea  rdi, [rdi + r9*8]
        | push rbp
        | push r14
        | xor  ebp, ebp
        |1:
        | mov  r14, [r12 + rbp*8]
        | inc  qword [r14]
        | mov  [rdi + rbp*8], r14
        | inc  rbp
        | cmp  rbp, r10
        | jb   <1
        | pop  r14
        | pop  rbp
        | lea  rdi, [rsi + FRAME_SLOTS]
        | jmp  =>complete
        """)
    void defaults(Label here, Label complete, Label other);

    /**
     * The end of the routine: clears the frame in r14 and pops it. What dies may run Python code, which has one frame more to
     * go, as in the interpreter.
     */
    @Stencil("""
        |=>here:
        | cmp  qword [r14 + FRAME_OBJECT], 0
        | jne  =>seen
        |=>locals:
        | xor  ebp, ebp
        | jmp  >2
        |1:
        | mov  rdi, [r14 + rbp*8 + FRAME_SLOTS]
        | inc  rbp
        | test rdi, rdi
        | jz   >2
        | dec  qword [rdi]
        | jz   >5
        |2:
        | cmp  ebp, [r14 + FRAME_STACKTOP]
        | jl   <1
        | mov  rdi, [r14 + FRAME_NAMES]
        | test rdi, rdi
        | jnz  >6
        |3:
        | mov  rdi, [r14 + FRAME_FUNCTION]
        | dec  qword [rdi]
        | jz   >7
        |4:
        | mov  rdi, [r14 + FRAME_CODE]
        | dec  qword [rdi]
        | jz   >8
        |=>pop:
        | mov  [r15 + THREAD_DATA_TOP], r14
        | add  rsp, 8
        | ret
        |.cold
        |5:
        | dec  dword [r15 + THREAD_RECURSION_REMAINING]
        | call dealloc
        | inc  dword [r15 + THREAD_RECURSION_REMAINING]
        | jmp  <2
        |6:
        | dec  qword [rdi]
        | jnz  <3
        | dec  dword [r15 + THREAD_RECURSION_REMAINING]
        | call dealloc
        | inc  dword [r15 + THREAD_RECURSION_REMAINING]
        | jmp  <3
        |7:
        | dec  dword [r15 + THREAD_RECURSION_REMAINING]
        | call dealloc
        | inc  dword [r15 + THREAD_RECURSION_REMAINING]
        | jmp  <4
        |8:
        | dec  dword [r15 + THREAD_RECURSION_REMAINING]
        | call dealloc
        | inc  dword [r15 + THREAD_RECURSION_REMAINING]
        | jmp  =>pop
        """)
    void clear(Label here, Label seen, Label locals, Label pop, long dealloc);

    /**
     * A frame that has a frame object: where others hold that, it takes over what the frame in r14 has, as
     * {@code take_ownership} (frame.c) does.
     */
    @Stencil("""
        |=>here:
        | mov  rbp, [r14 + FRAME_OBJECT]
        | mov  qword [r14 + FRAME_OBJECT], 0
        | cmp  qword [rbp], 1
        | jne  >1
        | mov  rdi, rbp
        | dec  qword [rdi]
        | call dealloc
        | jmp  =>locals
        |1:
        | movsxd rdx, dword [r14 + FRAME_STACKTOP]
        | lea  rdx, [rdx*8 + FRAME_SLOTS]
        | mov  rsi, r14
        | lea  rdi, [rbp + FRAME_OBJECT_DATA]
        | call copy
        | lea  rax, [rbp + FRAME_OBJECT_DATA]
        | mov  [rbp + FRAME_OBJECT_FRAME], rax
        | mov  byte [rax + FRAME_OWNER], OWNED_BY_FRAME_OBJECT
        | mov  rcx, [rax + FRAME_CODE]
        | movsxd rdx, dword [rcx + CODE_FIRST_TRACEABLE]
        | lea  rcx, [rcx + rdx*2 + CODE_BYTECODE]
        | cmp  [rax + FRAME_INSTRUCTION], rcx
        | jae  >2
        | mov  [rax + FRAME_INSTRUCTION], rcx
        |2:
        | mov  rdi, rbp
        | call getBack
        | mov  [rbp + FRAME_OBJECT_BACK], rax
        | mov  qword [rbp + FRAME_OBJECT_DATA + FRAME_PREVIOUS], 0
        | mov  rdi, rbp
        | call isTracked
        | test eax, eax
        | jnz  >3
        | mov  rdi, rbp
        | call track
        |3:
        | dec  qword [rbp]
        | jmp  =>pop
        """)
    void seen(Label here, Label locals, Label pop, long dealloc, long copy, long getBack, long isTracked, long track);

    /** Where the callable is a bound method: takes it apart to function and self, as the interpreter does, and calls these. */
    @Stencil("""
        |=>here:
        | cmp  qword [rbp], 0
        | jne  =>other
        | mov  rax, [rbp + 8]
        | mov  rcx, methodType
        | cmp  [rax + OBJECT_TYPE], rcx
        | jne  =>other
        | mov  rcx, [rax + METHOD_FUNCTION]
        | mov  rdx, [rax + METHOD_SELF]
        | inc  qword [rcx]
        | inc  qword [rdx]
        | mov  [rbp], rcx
        | mov  [rbp + 8], rdx
        | mov  rdi, rax
        | dec  qword [rdi]
        | jnz  >1
        | call dealloc
        |1:
        | add  rsp, 8
        | jmp  =>routine
        """)
    void unbind(Label here, long methodType, long dealloc, Label routine, Label other);

    /**
     * Where the callable is a C function, or the method of a C type with an instance of just that type, which takes nothing,
     * one object or an array: calls it as {@code cfunction_vectorcall_*} and {@code method_vectorcall_*} do. Goes to
     * {@code ends} with the result in r12.
     */
    @Stencil("""
        |=>here:
        | mov  rax, [rbp]
        | test rax, rax
        | jz   >1
        | mov  rcx, descriptorType
        | cmp  [rax + OBJECT_TYPE], rcx
        | jne  =>other
        | mov  rdi, [rbp + 8]
        | mov  rcx, [rdi + OBJECT_TYPE]
        | cmp  rcx, [rax + DESCRIPTOR_TYPE]
        | jne  =>other
        | mov  rcx, [rax + DESCRIPTOR_METHOD]
        | jmp  >2
        |1:
        | mov  rax, [rbp + 8]
        | mov  rcx, functionType
        | cmp  [rax + OBJECT_TYPE], rcx
        | jne  =>other
        | mov  rcx, [rax + NATIVE_METHOD]
        | mov  rdi, [rax + NATIVE_SELF]
        |2:
        | mov  edx, [rcx + METHOD_FLAGS]
        | and  edx, TAKES
        | mov  rax, [rcx + METHOD_CODE]
        | lea  rsi, [rbp + 16]
        | cmp  edx, TAKES_ARRAY
        | je   >4
        | cmp  edx, TAKES_ONE
        | jne  >3
        | cmp  r14, 1
        | jne  =>other
        | mov  rsi, [rsi]
        | jmp  >5
        |3:
        | cmp  edx, TAKES_NOTHING
        | jne  =>other
        | test r14, r14
        | jnz  =>other
        | xor  esi, esi
        | jmp  >5
        |4:
        | mov  rdx, r14
        |5:
        | cmp  dword [r15 + THREAD_RECURSION_REMAINING], 0
        | jle  =>other
        | dec  dword [r15 + THREAD_RECURSION_REMAINING]
        | call rax
        | inc  dword [r15 + THREAD_RECURSION_REMAINING]
        | mov  r12, rax
        | test rax, rax
        | jz   >6
        | cmp  qword [r15 + THREAD_EXCEPTION], 0
        | je   =>ends
        |6:
        | mov  rdi, r15
        | mov  rsi, [rbp]
        | mov  rdx, [rbp + 8]
        | test rsi, rsi
        | cmovz rsi, rdx
        | mov  rdx, r12
        | xor  ecx, ecx
        | call check
        | mov  r12, rax
        | jmp  =>ends
        """)
    void callNative(Label here, long functionType, long descriptorType, long check, Label ends, Label other);

    /** The routine's way through the C API; at {@code ends}, the references are given up in the interpreter's order. */
    @Stencil("""
        |=>here:
        | mov  rdi, [rbp]
        | mov  rdx, OFFSET_FLAG + 1
        | add  rdx, r14
        | lea  rsi, [rbp + 8]
        | test rdi, rdi
        | jnz  >1
        | mov  rdi, [rsi]
        | dec  rdx
        | add  rsi, 8
        |1:
        | xor  ecx, ecx
        | call vectorcall
        | mov  r12, rax
        |=>ends:
        | inc  r14
        | mov  rdi, [rbp]
        | test rdi, rdi
        | jz   >3
        |2:
        | dec  qword [rdi]
        | jnz  >3
        | call dealloc
        |3:
        | add  rbp, 8
        | mov  rdi, [rbp]
        | dec  r14
        | jns  <2
        | add  rsp, 8
        | ret
        """)
    void general(Label here, Label ends, long vectorcall, long dealloc);

    long OFFSET_FLAG = 1L << 63;
    // cpython/code.h: CO_OPTIMIZED; CO_VARARGS and CO_VARKEYWORDS
    int OPTIMIZED = 0x1;
    int STARRED = 0x4 + 0x8;
    // methodobject.h: METH_VARARGS, KEYWORDS, NOARGS, O, STATIC, FASTCALL and METHOD; those of NOARGS, O and FASTCALL
    int TAKES = 0x1 + 0x2 + 0x4 + 0x8 + 0x20 + 0x80 + 0x200;
    int TAKES_NOTHING = 0x4;
    int TAKES_ONE = 0x8;
    int TAKES_ARRAY = 0x80;
}
