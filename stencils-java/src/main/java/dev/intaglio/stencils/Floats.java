package dev.intaglio.stencils;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Label;

/** Unboxed floats in xmm registers. A {@code spill} is a displacement from rsp; an exit is taken before anything changes. */
@Stencils(carry = true)
public interface Floats extends Layout {
    @Stencil("""
        | movapd xmm(to), xmm(from)
        """)
    void move(int to, int from);

    @Stencil("""
        | movsd xmm(to), [rsp + spill]
        """)
    void reload(int to, int spill);

    @Stencil("""
        | movsd [rsp + spill], xmm(from)
        """)
    void spill(int spill, int from);

    /** The bits of a double. */
    @Stencil("""
        if (bits == 0) {
        | xorpd xmm(to), xmm(to)
        } else {
        | mov   rax, bits
        | movq  xmm(to), rax
        }
        """)
    void constant(int to, long bits);

    /** The value of the float in rax. */
    @Stencil("""
        | movsd xmm(to), [rax + FLOAT_VALUE]
        """)
    void unbox(int to);

    /** Gives up the reference to the float in rax; changes rdi. */
    @Stencil("""
        | dec  qword [rax]
        | jz   >2
        |1:
        |.cold
        |2:
        | mov  rdi, rax
        | call dropFloat
        | jmp  <1
        """)
    void drop(long dropFloat);

    /** A new float into rax; changes rcx and rdx. */
    @Stencil("""
        | movq rax, xmm(from)
        | call boxFloat
        """)
    void box(int from, long boxFloat);

    /** A new float of a spilled value into rax; changes rcx and rdx. */
    @Stencil("""
        | mov  rax, [rsp + spill]
        | call box
        """)
    void boxSpilled(int spill, long box);

    /** {@code to op= from}, by the letter of the operator. */
    @Stencil("""
        switch (operator) {
        case '+':
        | addsd xmm(to), xmm(from)
        break;
        case '-':
        | subsd xmm(to), xmm(from)
        break;
        case '*':
        | mulsd xmm(to), xmm(from)
        break;
        default:
        | divsd xmm(to), xmm(from)
        }
        """)
    void apply(int operator, int to, int from);

    /** Leaves where the divisor is zero. */
    @Stencil("""
        | xorpd xmm0, xmm0
        | ucomisd xmm(divisor), xmm0
        | jp    >1
        | je    =>zero
        |1:
        """)
    void unlessZero(int divisor, Label zero);

    /** Leaves where the base of a power is not above zero: the interpreter knows the special cases. */
    @Stencil("""
        | xorpd xmm0, xmm0
        | ucomisd xmm(base), xmm0
        | jbe   =>special
        """)
    void unlessPositive(int base, Label special);

    /** Leaves where xmm0 is infinite or not a number. */
    @Stencil("""
        | movq rax, xmm0
        | shr  rax, 52
        | and  eax, 0x7FF
        | cmp  eax, 0x7FF
        | je   =>special
        """)
    void unlessFinite(Label special);

    @Stencil("""
        | call function
        """)
    void callMath(long function);

    @Stencil("""
        | mov   rax, 0x8000000000000000
        | movq  xmm0, rax
        | xorpd xmm(to), xmm0
        """)
    void negate(int to);

    /** The double nearest to an int. */
    @Stencil("""
        | xorpd xmm(to), xmm(to)
        | cvtsi2sd xmm(to), Rq(from)
        """)
    void ofInt(int to, int from);

    /**
     * Jumps where the comparison (0 to 5: &lt; &lt;= == != &gt; &gt;=) holds or, without {@code ifTrue}, where it does not;
     * what is not a number is neither less nor equal nor greater.
     */
    @Stencil("""
        if (comparison < 2) {
        | ucomisd xmm(right), xmm(left)
        } else {
        | ucomisd xmm(left), xmm(right)
        }
        if (comparison == 0 || comparison == 4) {
        if (ifTrue) {
        | ja  =>target
        } else {
        | jbe =>target
        }
        } else if (comparison == 1 || comparison == 5) {
        if (ifTrue) {
        | jae =>target
        } else {
        | jb  =>target
        }
        } else if ((comparison == 3) == ifTrue) {
        | jp  =>target
        | jne =>target
        } else {
        | jp  >1
        | je  =>target
        |1:
        }
        """)
    void compare(int comparison, int left, int right, boolean ifTrue, Label target);
}
