package dev.intaglio.stencils;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Label;

/** What plain code asks before it does an instruction whose other cases are the interpreter's. */
@Stencils(carry = true)
public interface Checks extends Layout {
    /** Leaves where the object in a slot is not of this exact type. */
    @Stencil("""
        | mov  rax, [r13 + slot]
        | mov  rcx, type
        | cmp  [rax + OBJECT_TYPE], rcx
        | jne  =>other
        """)
    void exactly(int slot, long type, Label other);

    /** Leaves where the object in a slot is of neither of these exact types. */
    @Stencil("""
        | mov  rax, [r13 + slot]
        | mov  rax, [rax + OBJECT_TYPE]
        | mov  rcx, type
        | cmp  rax, rcx
        | je   >1
        | mov  rcx, orType
        | cmp  rax, rcx
        | jne  =>other
        |1:
        """)
    void either(int slot, long type, long orType, Label other);

    /** Leaves where the dictionary in a slot has entries. */
    @Stencil("""
        | mov  rax, [r13 + slot]
        | cmp  qword [rax + DICT_USED], 0
        | jne  =>other
        """)
    void isEmpty(int slot, Label other);

    /** Goes to one of two places: whether the thread has an exception. */
    @Stencil("""
        |.cold
        |=>here:
        | cmp  qword [r15 + THREAD_EXCEPTION], 0
        | jne  =>raised
        | jmp  =>other
        """)
    void whetherRaised(Label here, Label raised, Label other);
}
