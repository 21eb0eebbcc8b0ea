package dev.intaglio.stencils;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Label;

/**
 * Entering and leaving: what {@code _PyEval_EvalFrameDefault} does at its two ends, and the ways between it and compiled
 * code.
 */
@Stencils(carry = true)
public interface Frames extends Layout {
    /**
     * The frame evaluation function: {@code PyObject *(PyThreadState *rdi, _PyInterpreterFrame *rsi, int throwflag edx)}.
     * Code that has an entry runs it; other code counts down and goes to the interpreter. At zero, {@code compile} (code,
     * block) is asked, which may set the entry. A code object seen for the first time gets its block: one with a loop is
     * compiled at once, any other after {@code warm} calls.
     */
    @Stencil("""
        | test edx, edx
        | jnz  interpreter
        | mov  rax, [rsi + FRAME_CODE]
        | mov  rcx, [rax + CODE_EXTRA]
        | test rcx, rcx
        | jz   >7
        | cmp  qword [rcx + EXTRA_SIZE], index
        | jle  >7
        | mov  rcx, [rcx + EXTRA_ITEMS + index*8]
        | test rcx, rcx
        | jz   >7
        |1:
        | mov  rax, [rcx + BLOCK_ENTRY]
        | test rax, rax
        | jz   >2
        | jmp  rax
        |2:
        | dec  qword [rcx + BLOCK_COUNTER]
        | jnz  interpreter
        | push rdi
        | push rsi
        | push rcx
        | mov  rdi, [rsi + FRAME_CODE]
        | mov  rsi, rcx
        | mov  rax, compile
        | call rax
        | pop  rcx
        | pop  rsi
        | pop  rdi
        | xor  edx, edx
        | mov  rax, [rcx + BLOCK_ENTRY]
        | test rax, rax
        | jz   interpreter
        | jmp  rax
        |.cold
        |7:
        | push rdi
        | push rsi
        | push rbx
        | mov  edi, 1
        | mov  esi, BLOCK_BYTES
        | call allocate
        | mov  rbx, rax
        | test rax, rax
        | jz   >9
        | mov  rsi, [rsp + 8]
        | mov  rdi, [rsi + FRAME_CODE]
        | mov  ecx, warm
        | mov  r8, [rdi + CODE_UNITS]
        | lea  r9, [rdi + CODE_BYTECODE]
        | lea  r8, [r9 + r8*2]
        |3:
        | movzx eax, byte [r9]
        | cmp  eax, JUMP_BACKWARD
        | je   >4
        | cmp  eax, FIRST_CONDITIONAL_BACKWARD
        | jb   >5
        | cmp  eax, LAST_CONDITIONAL_BACKWARD
        | ja   >5
        |4:
        | mov  ecx, 1
        |5:
        | add  r9, 2
        | cmp  r9, r8
        | jb   <3
        | mov  [rbx + BLOCK_COUNTER], rcx
        | mov  esi, index
        | mov  rdx, rbx
        | call setExtra
        |9:
        | mov  rcx, rbx
        | pop  rbx
        | pop  rsi
        | pop  rdi
        | xor  edx, edx
        | test rcx, rcx
        | jz   interpreter
        | jmp  <1
        """)
    void evaluate(int index, int warm, long interpreter, long compile, long allocate, long setExtra);

    /** The free function of a block, in rdi: {@code forget} (block) is told only of those that were compiled. */
    @Stencil("""
        |=>here:
        | cmp  qword [rdi + BLOCK_ID], 0
        | je   free
        | push rdi
        | mov  rax, forget
        | call rax
        | pop  rdi
        | jmp  free
        """)
    void release(Label here, long forget, long free);

    /**
     * Enters compiled code, as the interpreter enters a frame: the recursion check, the C frame on the machine stack, the
     * chain of frames. Where the interpreter would raise or trace, it is left to do all of it.
     */
    @Stencil("""
        |=>here:
        | cmp  dword [rdi + THREAD_RECURSION_REMAINING], 0
        | jle  interpreter
        | mov  rax, [rdi + THREAD_CFRAME]
        | cmp  byte [rax + CFRAME_USE_TRACING], 0
        | jne  interpreter
        | push rbp
        | push rbx
        | push r12
        | push r13
        | push r14
        | push r15
        | sub  rsp, bytes
        | mov  r13, rsi
        | mov  r15, rdi
        | mov  rbx, [rdi + THREAD_INTERPRETER]
        | dec  dword [rdi + THREAD_RECURSION_REMAINING]
        | mov  byte [rsp + CFRAME_USE_TRACING], 0
        | mov  [rsp + CFRAME_PREVIOUS], rax
        | mov  rcx, [rax + CFRAME_CURRENT_FRAME]
        | mov  [rsi + FRAME_PREVIOUS], rcx
        | mov  byte [rsi + FRAME_IS_ENTRY], 1
        | mov  [rsp + CFRAME_CURRENT_FRAME], rsi
        | mov  [rdi + THREAD_CFRAME], rsp
        """)
    void enter(Label here, int bytes, long interpreter);

    /** Returns the object in rax to the caller of the frame evaluation function, which clears the frame. */
    @Stencil("""
        |=>here:
        | inc  dword [r15 + THREAD_RECURSION_REMAINING]
        | mov  rcx, [rsp + CFRAME_PREVIOUS]
        | movzx edx, byte [rsp + CFRAME_USE_TRACING]
        | mov  [r15 + THREAD_CFRAME], rcx
        | mov  [rcx + CFRAME_USE_TRACING], dl
        | add  rsp, bytes
        | pop  r15
        | pop  r14
        | pop  r13
        | pop  r12
        | pop  rbx
        | pop  rbp
        | ret
        """)
    void leave(Label here, int bytes);

    /** Gives the frame to the interpreter for good; edx is its throwflag, rax the frame's instruction. */
    @Stencil("""
        |.cold
        |=>here:
        | mov  [r13 + FRAME_INSTRUCTION], rax
        | inc  dword [r15 + THREAD_RECURSION_REMAINING]
        | mov  rcx, [rsp + CFRAME_PREVIOUS]
        | movzx eax, byte [rsp + CFRAME_USE_TRACING]
        | mov  [r15 + THREAD_CFRAME], rcx
        | mov  [rcx + CFRAME_USE_TRACING], al
        | mov  rdi, r15
        | mov  rsi, r13
        | add  rsp, bytes
        | pop  r15
        | pop  r14
        | pop  r13
        | pop  r12
        | pop  rbx
        | pop  rbp
        | jmp  interpreter
        """)
    void giveUp(Label here, int bytes, long interpreter);

    /**
     * Goes to {@link #giveUp} in front of or, with {@code thrown}, because of the exception at an instruction; counts that
     * where {@code counter} is an address.
     */
    @Stencil("""
        |.cold
        |=>here:
        if (counter != 0) {
        | mov  rax, counter
        | inc  qword [rax]
        }
        | mov  dword [r13 + FRAME_STACKTOP], stacktop
        | mov  rax, instruction
        | mov  edx, thrown ? 1 : 0
        | jmp  =>giveUp
        """)
    void surrender(Label here, long counter, int stacktop, long instruction, boolean thrown, Label giveUp);

    /**
     * The way to a function of the Java side. A forked child has only the thread that forked, so no Java virtual machine any
     * more: there the request is not made.
     */
    @Stencil("""
        |=>here:
        | push rdi
        | push rsi
        | push rax
        | call processId
        | pop  rcx
        | pop  rsi
        | pop  rdi
        | cmp  eax, ours
        | jne  >1
        | mov  rax, function
        | jmp  rax
        |1:
        | ret
        """)
    void gate(Label here, long processId, int ours, long function);

    int JUMP_BACKWARD = 140;
    int FIRST_CONDITIONAL_BACKWARD = 173;
    int LAST_CONDITIONAL_BACKWARD = 176;
}
