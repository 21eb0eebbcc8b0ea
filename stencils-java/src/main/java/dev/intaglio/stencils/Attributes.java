package dev.intaglio.stencils;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Label;

/**
 * Attributes of objects without the C API. What was found in a type holds as long as its version is the same; the version
 * names one type in one state. Exits are taken before anything changes.
 */
@Stencils(carry = true)
public interface Attributes extends Layout {
    /** Leaves where the object in rax has another type, or one that has changed. */
    @Stencil("""
        | mov rcx, [rax + OBJECT_TYPE]
        | cmp dword [rcx + TYPE_VERSION], version
        | jne =>other
        """)
    void guard(int version, Label other);

    /** The values of the instance in rax into rcx; leaves where it has a dictionary instead. */
    @Stencil("""
        | mov  rcx, [rax + OBJECT_VALUES]
        | test rcx, rcx
        | jz   =>dictionary
        """)
    void values(Label dictionary);

    /** Leaves where a type's instances have got attributes of other names since. */
    @Stencil("""
        | mov  rcx, keys
        | cmp  qword [rcx + KEYS_USED], used
        | jne  =>more
        """)
    void sameKeys(long keys, int used, Label more);

    /** The attribute at a place, from rcx on, borrowed, into rax. */
    @Stencil("""
        | mov  rax, [rcx + place]
        | test rax, rax
        | jz   =>unbound
        """)
    void loadFromValues(int place, Label unbound);

    /**
     * The attribute of the instance in rax, borrowed, into rax: from its values, or from its dictionary, where {@code hint}
     * holds the number of the entry that it had there before; a dictionary may share {@code keys} with the instances still. Changes rcx, rdx, rsi and rdi.
     */
    @Stencil("""
        | mov  rcx, [rax + OBJECT_VALUES]
        | test rcx, rcx
        | jz   >2
        | mov  rax, [rcx + place]
        |1:
        | test rax, rax
        | jz   =>unbound
        |.cold
        |2:
        | mov  rcx, [rax + OBJECT_DICTIONARY]
        | test rcx, rcx
        | jz   =>unbound
        | mov  rdx, [rcx + DICT_VALUES]
        | mov  rcx, [rcx + DICT_KEYS]
        | test rdx, rdx
        | jnz  >7
        | cmp  byte [rcx + KEYS_KIND], KEYS_UNICODE
        | jne  =>unbound
        | mov  rsi, name
        | mov  rdi, hint
        | mov  rdi, [rdi]
        | movzx edx, byte [rcx + KEYS_LOG2_INDEX_BYTES]
        | add  rcx, KEYS_INDICES
        | xor  eax, eax
        | bts  rax, rdx
        | mov  rdx, [rcx + KEYS_USED - KEYS_INDICES]
        | add  rcx, rax
        | cmp  rdi, rdx
        | jae  >3
        | shl  rdi, 4
        | cmp  [rcx + rdi], rsi
        | jne  >3
        | mov  rax, [rcx + rdi + 8]
        | jmp  <1
        |3:
        | xor  edi, edi
        | shl  rdx, 4
        |4:
        | cmp  rdi, rdx
        | jae  >5
        | cmp  [rcx + rdi], rsi
        | je   >6
        | add  rdi, 16
        | jmp  <4
        |5:
        | xor  eax, eax
        | jmp  <1
        |6:
        | mov  rax, [rcx + rdi + 8]
        | shr  rdi, 4
        | mov  rdx, hint
        | mov  [rdx], rdi
        | jmp  <1
        |7:
        | mov  rsi, keys
        | cmp  rcx, rsi
        | jne  =>unbound
        | mov  rax, [rdx + place]
        | jmp  <1
        """)
    void loadFromEither(int place, long keys, long name, long hint, Label unbound);

    /** The attribute in a slot of the object in rax, borrowed, into rax. */
    @Stencil("""
        | mov  rax, [rax + offset]
        | test rax, rax
        | jz   =>unbound
        """)
    void loadFromSlot(int offset, Label unbound);

    /** The place of an attribute into rdi: from rcx on among values, or in the object in rax. */
    @Stencil("""
        if (values) {
        | lea rdi, [rcx + displacement]
        } else {
        | lea rdi, [rax + displacement]
        }
        """)
    void place(boolean values, int displacement);

    /**
     * Stores the reference in rax where rdi points, and gives up the one that was there. The first value of an attribute is
     * noted in the order of insertion, where {@code index} is not negative.
     */
    @Stencil("""
        | mov  rcx, [rdi]
        | mov  [rdi], rax
        | test rcx, rcx
        | jz   >3
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
        |3:
        if (index >= 0) {
        | lea  rdi, [rdi - index*8]
        | movzx ecx, byte [rdi + VALUES_SIZE]
        | inc  ecx
        | mov  [rdi + VALUES_SIZE], cl
        | neg  rcx
        | mov  byte [rdi + rcx + VALUES_SIZE], index
        }
        | jmp  <1
        """)
    void store(int index, long instruction, long dealloc);

    /** The same for an unboxed float: into the float that is there when this is its only reference, else as a new one. */
    @Stencil("""
        | mov  rax, [rdi]
        | mov  rcx, type
        | test rax, rax
        | jz   >2
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
        | test rcx, rcx
        | jz   >3
        | dec  qword [rcx]
        | jnz  <1
        | mov  rax, instruction
        | mov  [r13 + FRAME_INSTRUCTION], rax
        | mov  rdi, rcx
        | call dealloc
        | jmp  <1
        |3:
        if (index >= 0) {
        | lea  rdi, [rdi - index*8]
        | movzx ecx, byte [rdi + VALUES_SIZE]
        | inc  ecx
        | mov  [rdi + VALUES_SIZE], cl
        | neg  rcx
        | mov  byte [rdi + rcx + VALUES_SIZE], index
        }
        | jmp  <1
        """)
    void storeFloat(int value, int index, long type, long boxFloat, long instruction, long dealloc);

    /** A method known now and self, which is in rax, into two slots; a reference to self is taken where it was borrowed. */
    @Stencil("""
        if (borrowed) {
        | inc  qword [rax]
        }
        | mov  [r13 + slot + 8], rax
        | mov  rax, method
        | inc  qword [rax]
        | mov  [r13 + slot], rax
        """)
    void method(int slot, long method, boolean borrowed);
}
