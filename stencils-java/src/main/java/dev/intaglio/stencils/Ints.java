package dev.intaglio.stencils;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Label;

/**
 * Unboxed ints of 64 bits in general registers. What does not fit leaves; an exit is taken before anything changes, so a
 * result never stands in the register of an operand.
 */
@Stencils(carry = true)
public interface Ints extends Layout {
    @Stencil("""
        | mov Rq(to), [rsp + spill]
        """)
    void reload(int to, int spill);

    @Stencil("""
        | mov [rsp + spill], Rq(from)
        """)
    void spill(int spill, int from);

    /** The value of the int in rax, of up to two digits; one of more leaves. Changes rcx and rdx. */
    @Stencil("""
        | mov  rcx, [rax + VAR_SIZE]
        | mov  Rd(to), [rax + LONG_DIGIT]
        | lea  rdx, [rcx + 1]
        | cmp  rdx, 2
        | ja   >2
        | imul Rq(to), rcx
        |1:
        |.cold
        |2:
        | lea  rdx, [rcx + 2]
        | cmp  rdx, 4
        | ja   =>large
        | mov  edx, [rax + LONG_DIGIT + 4]
        | shl  rdx, LONG_DIGIT_BITS
        | add  Rq(to), rdx
        | test rcx, rcx
        | jns  <1
        | neg  Rq(to)
        | jmp  <1
        """)
    void unbox(int to, Label large);

    /** Gives up the reference to the int in rax; changes rdi. */
    @Stencil("""
        | dec  qword [rax]
        | jz   >2
        |1:
        |.cold
        |2:
        | mov  rdi, rax
        | call dealloc
        | jmp  <1
        """)
    void drop(long dealloc);

    /** A reference to an int of this value into rax; changes rcx and rdx. */
    @Stencil("""
        | mov  rax, Rq(from)
        | call boxInt
        """)
    void box(int from, long boxInt);

    @Stencil("""
        | mov Rq(to), Rq(left)
        switch (operator) {
        case '+':
        | add Rq(to), Rq(right)
        | jo  =>overflow
        break;
        case '-':
        | sub Rq(to), Rq(right)
        | jo  =>overflow
        break;
        case '*':
        | imul Rq(to), Rq(right)
        | jo  =>overflow
        break;
        case '&':
        | and Rq(to), Rq(right)
        break;
        case '|':
        | or Rq(to), Rq(right)
        break;
        default:
        | xor Rq(to), Rq(right)
        }
        """)
    void apply(int operator, int to, int left, int right, Label overflow);

    /** The same with a number known now. */
    @Stencil("""
        if (operator == '*') {
        | imul Rq(to), Rq(left), (int) right
        | jo  =>overflow
        } else {
        | mov Rq(to), Rq(left)
        switch (operator) {
        case '+':
        | add Rq(to), (int) right
        | jo  =>overflow
        break;
        case '-':
        | sub Rq(to), (int) right
        | jo  =>overflow
        break;
        case '&':
        | and Rq(to), (int) right
        break;
        case '|':
        | or Rq(to), (int) right
        break;
        default:
        | xor Rq(to), (int) right
        }
        }
        """)
    void applyConstant(int operator, int to, int left, long right, Label overflow);

    @Stencil("""
        | mov Rq(to), Rq(left)
        | sar Rq(to), count
        """)
    void shiftRight(int to, int left, int count);

    /**
     * Floor division or its remainder; leaves for the divisors 0 and -1. The 32-bit division that most numbers allow takes
     * a third of the time. Changes rax, rcx and rdx.
     */
    @Stencil("""
        | lea  rcx, [Rq(right) + 1]
        | cmp  rcx, 1
        | jbe  =>special
        | mov  rax, Rq(left)
        | mov  rcx, Rq(left)
        | or   rcx, Rq(right)
        | shr  rcx, 32
        | jnz  >2
        | xor  edx, edx
        | div  Rd(right)
        |1:
        if (remainder) {
        | mov  Rq(to), rdx
        } else {
        | mov  Rq(to), rax
        }
        |.cold
        |2:
        | cqo
        | idiv Rq(right)
        | test rdx, rdx
        | jz   <1
        | mov  rcx, rdx
        | xor  rcx, Rq(right)
        | jns  <1
        | add  rdx, Rq(right)
        | dec  rax
        | jmp  <1
        """)
    void divide(boolean remainder, int to, int left, int right, Label special);

    @Stencil("""
        | mov Rq(to), Rq(from)
        | neg Rq(to)
        | jo  =>overflow
        """)
    void negate(int to, int from, Label overflow);

    /** Leaves where an int is not a double exactly. */
    @Stencil("""
        | mov  rax, 0x20000000000000
        | add  rax, Rq(value)
        | shr  rax, 54
        | jnz  =>inexact
        """)
    void exact(int value, Label inexact);

    /** Jumps where the comparison (0 to 5: &lt; &lt;= == != &gt; &gt;=) holds or, without {@code ifTrue}, does not. */
    @Stencil("""
        | cmp Rq(left), Rq(right)
        switch (ifTrue ? comparison : (comparison == 2 ? 3 : comparison == 3 ? 2 : 5 - comparison)) {
        case 0:
        | jl  =>target
        break;
        case 1:
        | jle =>target
        break;
        case 2:
        | je  =>target
        break;
        case 3:
        | jne =>target
        break;
        case 4:
        | jg  =>target
        break;
        default:
        | jge =>target
        }
        """)
    void compare(int comparison, int left, int right, boolean ifTrue, Label target);

    @Stencil("""
        | cmp Rq(left), (int) right
        switch (ifTrue ? comparison : (comparison == 2 ? 3 : comparison == 3 ? 2 : 5 - comparison)) {
        case 0:
        | jl  =>target
        break;
        case 1:
        | jle =>target
        break;
        case 2:
        | je  =>target
        break;
        case 3:
        | jne =>target
        break;
        case 4:
        | jg  =>target
        break;
        default:
        | jge =>target
        }
        """)
    void compareConstant(int comparison, int left, long right, boolean ifTrue, Label target);

    @Stencil("""
        | test Rq(value), Rq(value)
        if (ifTrue) {
        | jnz =>target
        } else {
        | jz =>target
        }
        """)
    void jumpOnTruth(int value, boolean ifTrue, Label target);
}
