package dev.intaglio.tests.bench;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Label;

/**
 * The ten micro-ops of the emission benchmark, as an interpreter's trace compiler would emit them. r13 is the frame, rbx the
 * operand stack, r15 the thread; {@code slot} and {@code local} are slots of 8 bytes.
 */
@Stencils
public interface EmissionStencils {
    @Stencil("""
        |=>here:
        | mov rcx, [r13 + local*8 + 80]
        | test cl, 1
        | jne >1
        | inc dword [rcx]
        |1:
        | mov [rbx + slot*8], rcx
        """)
    void load(Label here, int slot, int local);

    @Stencil("""
        |=>here:
        | mov rax, [rbx + slot*8]
        | mov rdi, [r13 + local*8 + 80]
        | mov [r13 + local*8 + 80], rax
        | test rdi, rdi
        | je >1
        | dec qword [rdi]
        | jz >2
        |1:
        |.cold
        |2:
        | call dealloc
        | jmp <1
        """)
    void store(Label here, int slot, int local, long dealloc);

    @Stencil("""
        |=>here:
        | mov rdi, [rbx + slot*8]
        | mov rax, type
        | cmp [rdi + 8], rax
        | jne >2
        |.cold
        |2:
        | mov ecx, exit
        | jmp deopt
        """)
    void guard(Label here, int slot, long type, int exit, long deopt);

    @Stencil("""
        |=>here:
        | mov rsi, [rbx + slot*8 - 16]
        | mov rdi, [rbx + slot*8 - 8]
        | movsd xmm0, [rsi + 16]
        | addsd xmm0, [rdi + 16]
        | movsd [rsi + 16], xmm0
        | dec qword [rdi]
        | jz >2
        |1:
        | mov [rbx + slot*8 - 16], rsi
        |.cold
        |2:
        | call dealloc
        | jmp <1
        """)
    void add(Label here, int slot, long dealloc);

    @Stencil("""
        |=>here:
        | mov rax, object
        | inc dword [rax]
        | mov [rbx + slot*8], rax
        | mov dword [r13 + 64], exit
        """)
    void constant(Label here, int slot, long object, int exit);

    @Stencil("""
        |=>here:
        | mov rsi, [rbx + slot*8 - 16]
        | mov rdi, [rbx + slot*8 - 8]
        | dec qword [rdi]
        | jz >2
        |1:
        | movsd xmm0, [rsi + 16]
        | ucomisd xmm0, [rdi + 16]
        | jb =>target
        |.cold
        |2:
        | call dealloc
        | jmp <1
        """)
    void compare(Label here, int slot, Label target, long dealloc);

    @Stencil("""
        |=>here:
        | mov eax, [r15 + 0x1234]
        | test eax, eax
        | jnz >2
        | jmp =>target
        |.cold
        |2:
        | mov ecx, exit
        | jmp deopt
        """)
    void loop(Label here, Label target, int exit, long deopt);

    @Stencil("""
        |=>here:
        | lea rax, [rbx + slot*8]
        | mov [r13 + 72], rax
        | mov eax, exit
        | add rsp, 8
        | ret
        """)
    void exit(Label here, int slot, int exit);

    @Stencil("""
        |=>here:
        | mov rdi, [rbx + slot*8]
        | mov rax, [rdi + 8]
        | cmp dword [rax + 0x1a0], version
        | jne >2
        | mov rax, [rdi + local*8 + 16]
        | test rax, rax
        | je >2
        | inc dword [rax]
        | mov [rbx + slot*8], rax
        |.cold
        |2:
        | mov ecx, exit
        | jmp deopt
        """)
    void attribute(Label here, int slot, int local, int version, int exit, long deopt);

    @Stencil("""
        |=>here:
        | mov rsi, [rbx + slot*8 - 16]
        | mov rax, [rbx + slot*8 - 8]
        | mov rcx, [rsi + 24]
        | add rcx, [rax + 24]
        | jo >2
        | add rcx, addend
        | mov rdi, table
        | call function
        | mov [rbx + slot*8 - 16], rax
        |.cold
        |2:
        | mov ecx, exit
        | jmp deopt
        """)
    void integer(Label here, int slot, int addend, long table, long function, int exit, long deopt);
}
