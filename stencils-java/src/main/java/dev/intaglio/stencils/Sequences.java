package dev.intaglio.stencils;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Label;

/** Lists, tuples and their iterators, and ranges, without the C API. Exits are taken before anything changes. */
@Stencils(carry = true)
public interface Sequences extends Layout {
    /** Leaves where the object in rax is not of this exact type. */
    @Stencil("""
        | mov rcx, type
        | cmp [rax + OBJECT_TYPE], rcx
        | jne =>other
        """)
    void guard(long type, Label other);

    @Stencil("""
        | mov  rax, [r13 + slot]
        | test rax, rax
        | jz   =>unbound
        """)
    void loadBound(int slot, Label unbound);

    /** The item at a place known now of the list or tuple in rax, borrowed, into rax. */
    @Stencil("""
        | cmp qword [rax + VAR_SIZE], index
        | jle =>outside
        if (list) {
        | mov rax, [rax + LIST_ITEMS]
        | mov rax, [rax + index*8]
        } else {
        | mov rax, [rax + TUPLE_ITEMS + index*8]
        }
        """)
    void item(boolean list, int index, Label outside);

    /** The item at a place in a register of the list or tuple in rax, borrowed, into rax. */
    @Stencil("""
        | cmp Rq(index), [rax + VAR_SIZE]
        | jae =>outside
        if (list) {
        | mov rax, [rax + LIST_ITEMS]
        | mov rax, [rax + Rq(index)*8]
        } else {
        | mov rax, [rax + TUPLE_ITEMS + Rq(index)*8]
        }
        """)
    void itemAt(boolean list, int index, Label outside);

    /** The address of an item of the list in rax into rdi. */
    @Stencil("""
        | cmp qword [rax + VAR_SIZE], index
        | jle =>outside
        | mov rdi, [rax + LIST_ITEMS]
        if (index != 0) {
        | add rdi, index*8
        }
        """)
    void place(int index, Label outside);

    @Stencil("""
        | cmp Rq(index), [rax + VAR_SIZE]
        | jae =>outside
        | mov rdi, [rax + LIST_ITEMS]
        | lea rdi, [rdi + Rq(index)*8]
        """)
    void placeAt(int index, Label outside);

    /** Stores the reference in rax where rdi points, and gives up the one that was there. */
    @Stencil("""
        | mov  rcx, [rdi]
        | mov  [rdi], rax
        | dec  qword [rcx]
        | jz   >2
        |1:
        |.cold
        |2:
        | mov  rax, instruction
        | mov  [r13 + FRAME_INSTRUCTION], rax
        | mov  rdi, rcx
        | call dealloc
        | jmp  <1
        """)
    void replace(long instruction, long dealloc);

    /**
     * Stores an unboxed float where rdi points: into the float that is there when this is its only reference, else as a
     * new one.
     */
    @Stencil("""
        | mov  rax, [rdi]
        | mov  rcx, type
        | cmp  qword [rax], 1
        | jne  >2
        | cmp  [rax + OBJECT_TYPE], rcx
        | jne  >2
        | movsd [rax + FLOAT_VALUE], xmm(value)
        |1:
        |.cold
        |2:
        | movq rax, xmm(value)
        | call boxFloat
        | mov  rcx, [rdi]
        | mov  [rdi], rax
        | dec  qword [rcx]
        | jnz  <1
        | mov  rax, instruction
        | mov  [r13 + FRAME_INSTRUCTION], rax
        | mov  rdi, rcx
        | call dealloc
        | jmp  <1
        """)
    void replaceFloat(int value, long type, long boxFloat, long instruction, long dealloc);

    /** Gives up the reference in rdi; changes nothing but rdi, rax, rcx and rdx. */
    @Stencil("""
        | dec  qword [rdi]
        | jz   >2
        |1:
        |.cold
        |2:
        | mov  rax, instruction
        | mov  [r13 + FRAME_INSTRUCTION], rax
        | call dealloc
        | jmp  <1
        """)
    void drop(long instruction, long dealloc);

    /** The same where rdi may be empty. */
    @Stencil("""
        | test rdi, rdi
        | jz   >1
        | dec  qword [rdi]
        | jz   >2
        |1:
        |.cold
        |2:
        | mov  rax, instruction
        | mov  [r13 + FRAME_INSTRUCTION], rax
        | call dealloc
        | jmp  <1
        """)
    void dropIfAny(long instruction, long dealloc);

    /** The items of the list or tuple of this size in rax: their address into rsi. */
    @Stencil("""
        | cmp qword [rax + VAR_SIZE], size
        | jne =>other
        if (list) {
        | mov rsi, [rax + LIST_ITEMS]
        } else {
        | lea rsi, [rax + TUPLE_ITEMS]
        }
        """)
    void unpack(boolean list, int size, Label other);

    /** The next number of the range iterator in rax; goes to {@code end} where there is none. */
    @Stencil("""
        | mov  rcx, [rax + RANGE_INDEX]
        | cmp  rcx, [rax + RANGE_LENGTH]
        | jge  =>end
        | mov  Rq(to), [rax + RANGE_STEP]
        | imul Rq(to), rcx
        | inc  rcx
        | mov  [rax + RANGE_INDEX], rcx
        | add  Rq(to), [rax + RANGE_START]
        """)
    void nextOfRange(int to, Label end);

    /** The next item of the list or tuple iterator in rax, as a new reference, into rax; at its end to {@code end}. */
    @Stencil("""
        | mov  rdx, [rax + ITERATOR_SEQUENCE]
        | test rdx, rdx
        | jz   =>end
        | mov  rcx, [rax + ITERATOR_INDEX]
        | cmp  rcx, [rdx + VAR_SIZE]
        | jge  =>end
        if (list) {
        | mov  rdx, [rdx + LIST_ITEMS]
        | mov  rdx, [rdx + rcx*8]
        } else {
        | mov  rdx, [rdx + TUPLE_ITEMS + rcx*8]
        }
        | inc  rcx
        | mov  [rax + ITERATOR_INDEX], rcx
        | mov  rax, rdx
        | inc  qword [rax]
        """)
    void nextOfSequence(boolean list, Label end);

    /** What an iterator over a sequence does at its end: it lets go of the sequence. The iterator is in rax. */
    @Stencil("""
        | mov  rdi, [rax + ITERATOR_SEQUENCE]
        | mov  qword [rax + ITERATOR_SEQUENCE], 0
        """)
    void exhaust();

    /** Goes away where a frame object exists, which may see the locals after the frame has ended. */
    @Stencil("""
        | cmp qword [r13 + FRAME_OBJECT], 0
        | jne =>seen
        """)
    void unlessSeen(Label seen);
}
