package dev.intaglio.stencils;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Label;

/** The ways out of fast code, all of them cold: each unboxed value becomes an object in its slot of the frame. */
@Stencils(carry = true)
public interface Exits extends Layout {
    /** Begins a way out, which counts itself where {@code counter} is an address; changes rax. */
    @Stencil("""
        |.cold
        |=>here:
        if (counter != 0) {
        | mov  rax, counter
        | inc  qword [rax]
        }
        """)
    void here(Label here, long counter);

    /** Boxes a spilled value into a slot. */
    @Stencil("""
        |.cold
        | mov  rax, [rsp + spill]
        | call box
        | mov  [r13 + slot], rax
        """)
    void boxSpilled(int slot, int spill, long box);

    @Stencil("""
        |.cold
        | movq rax, xmm(from)
        | call boxFloat
        | mov  [r13 + slot], rax
        """)
    void boxFloat(int slot, int from, long boxFloat);

    @Stencil("""
        |.cold
        | mov  rax, Rq(from)
        | call boxInt
        | mov  [r13 + slot], rax
        """)
    void boxInt(int slot, int from, long boxInt);

    /** A new reference to what one slot holds, into another. */
    @Stencil("""
        |.cold
        | mov  rax, [r13 + from]
        | inc  qword [rax]
        | mov  [r13 + to], rax
        """)
    void duplicate(int to, int from);

    @Stencil("""
        |.cold
        | mov  rax, object
        | inc  qword [rax]
        | mov  [r13 + slot], rax
        """)
    void constant(int slot, long object);

    @Stencil("""
        |.cold
        | jmp target
        """)
    void jumpTo(long target);

    @Stencil("""
        |.cold
        | jmp =>target
        """)
    void jump(Label target);
}
