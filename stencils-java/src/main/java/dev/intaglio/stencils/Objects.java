package dev.intaglio.stencils;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Label;

/**
 * Objects in the frame's slots and in argument registers: moves, references, and calls into the C API. A {@code slot} is a
 * displacement from the frame.
 */
@Stencils(carry = true)
public interface Objects extends Layout {
    /** Binds the label here. */
    @Stencil("""
        |=>here:
        """)
    void here(Label here);

    @Stencil("""
        | jmp =>target
        """)
    void jump(Label target);

    /** Jumps to code elsewhere. */
    @Stencil("""
        | jmp target
        """)
    void jumpTo(long target);

    /** Tells the frame which instruction runs, for tracebacks and whoever looks. */
    @Stencil("""
        | mov rax, instruction
        | mov [r13 + FRAME_INSTRUCTION], rax
        """)
    void at(long instruction);

    @Stencil("""
        | mov Rq(register), [r13 + slot]
        """)
    void load(int register, int slot);

    @Stencil("""
        | mov [r13 + slot], Rq(register)
        """)
    void store(int slot, int register);

    @Stencil("""
        | lea Rq(register), [r13 + slot]
        """)
    void slotAddress(int register, int slot);

    @Stencil("""
        | mov Rq(register), value
        """)
    void constant(int register, long value);

    @Stencil("""
        | mov Rq(to), Rq(from)
        """)
    void move(int to, int from);

    /** Loads a field of the object in a register. */
    @Stencil("""
        | mov Rq(to), [Rq(base) + displacement]
        """)
    void field(int to, int base, int displacement);

    @Stencil("""
        | mov [Rq(base) + displacement], Rq(from)
        """)
    void setField(int base, int displacement, int from);

    @Stencil("""
        | mov qword [r13 + slot], 0
        """)
    void clear(int slot);

    @Stencil("""
        | inc qword [Rq(register)]
        """)
    void retain(int register);

    /** A new reference to an object known now, into a slot. */
    @Stencil("""
        | mov rax, object
        | inc qword [rax]
        | mov [r13 + slot], rax
        """)
    void storeConstant(int slot, long object);

    /** A new reference to what one slot holds, into another. */
    @Stencil("""
        | mov rax, [r13 + from]
        | inc qword [rax]
        | mov [r13 + to], rax
        """)
    void duplicate(int to, int from);

    /** The same for a slot that may be empty; then goes to {@code empty}. */
    @Stencil("""
        | mov  rax, [r13 + from]
        | test rax, rax
        | jz   =>empty
        | inc  qword [rax]
        | mov  [r13 + to], rax
        """)
    void duplicateBound(int to, int from, Label empty);

    @Stencil("""
        | mov  rax, [r13 + a]
        | mov  rcx, [r13 + b]
        | mov  [r13 + a], rcx
        | mov  [r13 + b], rax
        """)
    void swap(int a, int b);

    /** Moves a reference into a local and gives up the local's old one, if any; calls clobber all they may. */
    @Stencil("""
        | mov  rax, [r13 + from]
        | mov  rdi, [r13 + to]
        | mov  [r13 + to], rax
        | test rdi, rdi
        | jz   >1
        | dec  qword [rdi]
        | jz   >2
        |1:
        |.cold
        |2:
        | call dealloc
        | jmp  <1
        """)
    void moveToLocal(int to, int from, long dealloc);

    /** Gives up the reference in a slot, which keeps the stale pointer; calls clobber all they may. */
    @Stencil("""
        | mov  rdi, [r13 + slot]
        | dec  qword [rdi]
        | jz   >2
        |1:
        |.cold
        |2:
        | call dealloc
        | jmp  <1
        """)
    void drop(int slot, long dealloc);

    /** The same for a slot that may be empty. */
    @Stencil("""
        | mov  rdi, [r13 + slot]
        | test rdi, rdi
        | jz   >1
        | dec  qword [rdi]
        | jz   >2
        |1:
        |.cold
        |2:
        | call dealloc
        | jmp  <1
        """)
    void dropIfAny(int slot, long dealloc);

    /** Gives up the reference in a register; rdi and what calls clobber are lost. */
    @Stencil("""
        | mov  rdi, Rq(register)
        | dec  qword [rdi]
        | jz   >2
        |1:
        |.cold
        |2:
        | call dealloc
        | jmp  <1
        """)
    void dropRegister(int register, long dealloc);

    /**
     * Appends the string in a slot to the one in the slot before, where that is the one of a local which the sum replaces: where
     * nobody else has it, it grows in place. The operands are given up; the local is empty where that failed.
     */
    @Stencil("""
        | mov  rax, [r13 + slot]
        | mov  rsi, [r13 + slot + 8]
        | cmp  rax, [r13 + local]
        | jne  =>other
        | mov  rcx, string
        | cmp  [rax + OBJECT_TYPE], rcx
        | jne  =>other
        | cmp  [rsi + OBJECT_TYPE], rcx
        | jne  =>other
        | dec  qword [rax]
        | lea  rdi, [r13 + local]
        | call append
        | mov  rdi, [r13 + slot + 8]
        | dec  qword [rdi]
        | jz   >2
        |1:
        | cmp  qword [r13 + local], 0
        | je   =>failed
        |.cold
        |2:
        | call dealloc
        | jmp  <1
        """)
    void appendString(int slot, int local, long string, long append, long dealloc, Label other, Label failed);

    /** Calls a function of the C API; its result is then in r12, which calls keep. */
    @Stencil("""
        | call function
        | mov  r12, rax
        """)
    void call(long function);

    @Stencil("""
        | test r12, r12
        | jz   =>failed
        """)
    void failIfNull(Label failed);

    @Stencil("""
        | test r12d, r12d
        | js   =>failed
        """)
    void failIfNegative(Label failed);

    /** {@code True} or {@code False} for the int in r12, into r12, as a new reference. */
    @Stencil("""
        | mov  rax, yes
        | mov  rcx, no
        | test r12d, r12d
        | cmovz rax, rcx
        | mov  r12, rax
        | inc  qword [rax]
        """)
    void truth(long yes, long no);

    @Stencil("""
        | test r12d, r12d
        if (ifTrue) {
        | jnz =>target
        } else {
        | jz  =>target
        }
        """)
    void jumpOnInt(boolean ifTrue, Label target);

    @Stencil("""
        | test r12, r12
        | jz =>target
        """)
    void jumpOnNull(Label target);

    /** Notes the type of the object in a slot: a cell is 0 at first, then a type, then 1 where types differ. */
    @Stencil("""
        | mov  rax, [r13 + slot]
        | mov  rax, [rax + OBJECT_TYPE]
        | mov  rcx, cell
        | cmp  rax, [rcx]
        | jne  >2
        |1:
        |.cold
        |2:
        | cmp  qword [rcx], 0
        | je   >3
        | mov  eax, 1
        |3:
        | mov  [rcx], rax
        | jmp  <1
        """)
    void note(int slot, long cell);

    /** The same for a slot that may be empty. */
    @Stencil("""
        | mov  rax, [r13 + slot]
        | test rax, rax
        | jz   >1
        | mov  rax, [rax + OBJECT_TYPE]
        | mov  rcx, cell
        | cmp  rax, [rcx]
        | jne  >2
        |1:
        |.cold
        |2:
        | cmp  qword [rcx], 0
        | je   >3
        | mov  eax, 1
        |3:
        | mov  [rcx], rax
        | jmp  <1
        """)
    void noteIfAny(int slot, long cell);

    /**
     * The condition of a jump, in a slot: {@code True}, {@code False} and whatever else (asked through
     * {@code PyObject_IsTrue}); 0, 1 or -1 in r12. The slot's reference is given up.
     */
    @Stencil("""
        | mov  rdi, [r13 + slot]
        | mov  rax, yes
        | mov  rcx, no
        | mov  r12d, 1
        | cmp  rdi, rax
        | je   >1
        | xor  r12d, r12d
        | cmp  rdi, rcx
        | jne  >3
        |1:
        | dec  qword [rdi]
        | jz   >4
        |2:
        |.cold
        |3:
        | call isTrue
        | mov  r12d, eax
        | mov  rdi, [r13 + slot]
        | jmp  <1
        |4:
        | call dealloc
        | jmp  <2
        """)
    void condition(int slot, long yes, long no, long isTrue, long dealloc);

    /** The next object of the iterator in a slot, into r12; 0 at the end or with an exception. */
    @Stencil("""
        | mov  rdi, [r13 + slot]
        | mov  rax, [rdi + OBJECT_TYPE]
        | call qword [rax + TYPE_ITERNEXT]
        | mov  r12, rax
        """)
    void next(int slot);

    /** After the end of an iterator: {@code StopIteration} is no failure. Goes on where there is no exception (left). */
    @Stencil("""
        | cmp  qword [r15 + THREAD_EXCEPTION], 0
        | je   >1
        | mov  rax, stopIteration
        | mov  rdi, [rax]
        | call matches
        | test eax, eax
        | jz   =>failed
        | call clear
        |1:
        """)
    void atEnd(long stopIteration, long matches, long clear, Label failed);

    /**
     * Calls the callable and its arguments in the stack slots from {@code slot} on, as CALL finds them: either NULL,
     * callable, arguments, or method, self, arguments.
     */
    @Stencil("""
        | mov  rdi, [r13 + slot]
        | mov  rdx, OFFSET_FLAG + positional + 1
        | lea  rsi, [r13 + slot + 8]
        | test rdi, rdi
        | jnz  >1
        | mov  rdi, [r13 + slot + 8]
        | dec  rdx
        | add  rsi, 8
        |1:
        | mov  rcx, names
        | call vectorcall
        | mov  r12, rax
        """)
    void callVector(int slot, int positional, long names, long vectorcall);

    /** Goes away where a trace or profile function was set meanwhile. */
    @Stencil("""
        | cmp byte [rsp + CFRAME_USE_TRACING], 0
        | jne =>traced
        """)
    void unlessTraced(Label traced);

    /** The contents of the cell in a slot, as a new reference, into another; goes to {@code empty} where there are none. */
    @Stencil("""
        | mov  rax, [r13 + from]
        | mov  rax, [rax + CELL_CONTENTS]
        | test rax, rax
        | jz   =>empty
        | inc  qword [rax]
        | mov  [r13 + to], rax
        """)
    void loadCell(int to, int from, Label empty);

    /** Moves a reference into the cell in a slot, and gives up what it held. */
    @Stencil("""
        | mov  rax, [r13 + from]
        | mov  rcx, [r13 + cell]
        | mov  rdi, [rcx + CELL_CONTENTS]
        | mov  [rcx + CELL_CONTENTS], rax
        | test rdi, rdi
        | jz   >1
        | dec  qword [rdi]
        | jz   >2
        |1:
        |.cold
        |2:
        | call dealloc
        | jmp  <1
        """)
    void storeCell(int cell, int from, long dealloc);

    /** Copies a free variable's cell from the function's closure. */
    @Stencil("""
        | mov  rax, [r13 + FRAME_FUNCTION]
        | mov  rax, [rax + FUNCTION_CLOSURE]
        | mov  rax, [rax + TUPLE_ITEMS + index*8]
        | inc  qword [rax]
        | mov  [r13 + to], rax
        """)
    void copyFreeVariable(int to, int index);

    @Stencil("""
        | mov  rax, [r13 + slot]
        | mov  rcx, object
        | cmp  rax, rcx
        if (ifSame) {
        | je =>target
        } else {
        | jne =>target
        }
        """)
    void jumpOnIdentity(int slot, long object, boolean ifSame, Label target);

    /** Whether the object in a slot is this one, as 0 or 1 in r12. */
    @Stencil("""
        | mov  rax, object
        | xor  r12d, r12d
        | cmp  rax, [r13 + slot]
        | sete r12b
        """)
    void same(int slot, long object);

    /** Whether two slots hold the same object, as 0 or 1 in r12. */
    @Stencil("""
        | mov  rax, [r13 + a]
        | xor  r12d, r12d
        | cmp  rax, [r13 + b]
        | sete r12b
        """)
    void sameSlots(int a, int b);

    @Stencil("""
        | xor r12d, 1
        """)
    void invert();

    /**
     * What LOAD_METHOD does: a method and self, or NULL and the attribute, into the object's slot and the next. A failure
     * leaves the object where it is.
     */
    @Stencil("""
        | mov  rdi, [r13 + slot]
        | mov  rsi, name
        | lea  rdx, [rsp + CFRAME_BYTES]
        | mov  qword [rdx], 0
        | call getMethod
        | mov  rcx, [rsp + CFRAME_BYTES]
        | test rcx, rcx
        | jz   =>failed
        | mov  rdi, [r13 + slot]
        | test eax, eax
        | jz   >1
        | mov  [r13 + slot], rcx
        | mov  [r13 + slot + 8], rdi
        | jmp  >2
        |1:
        | mov  qword [r13 + slot], 0
        | mov  [r13 + slot + 8], rcx
        | dec  qword [rdi]
        | jnz  >2
        | call dealloc
        |2:
        """)
    void loadMethod(int slot, long name, long getMethod, long dealloc, Label failed);

    /**
     * A global or builtin name, as a new reference, into a slot. The cell caches it for as long as neither dictionary
     * changes: the version of either, and the object. Goes to {@code missing} where neither has it.
     */
    @Stencil("""
        | mov  rcx, cell
        | mov  rdi, [r13 + FRAME_GLOBALS]
        | mov  rsi, [r13 + FRAME_BUILTINS]
        | mov  rax, [rdi + DICT_VERSION]
        | cmp  rax, [rcx]
        | jne  >2
        | mov  rax, [rsi + DICT_VERSION]
        | cmp  rax, [rcx + 8]
        | jne  >2
        | mov  rax, [rcx + 16]
        |1:
        | inc  qword [rax]
        | mov  [r13 + slot], rax
        |.cold
        |2:
        | mov  rsi, name
        | call getItem
        | test rax, rax
        | jnz  >3
        | mov  rdi, [r13 + FRAME_BUILTINS]
        | mov  rsi, name
        | call getItem
        | test rax, rax
        | jz   =>missing
        |3:
        | mov  rcx, cell
        | mov  [rcx + 16], rax
        | mov  rdi, [r13 + FRAME_GLOBALS]
        | mov  rdx, [rdi + DICT_VERSION]
        | mov  [rcx], rdx
        | mov  rdi, [r13 + FRAME_BUILTINS]
        | mov  rdx, [rdi + DICT_VERSION]
        | mov  [rcx + 8], rdx
        | jmp  <1
        """)
    void loadGlobal(int slot, long cell, long name, long getItem, Label missing);

    /** Finds the items of the exact tuple or list of {@code size} in a slot: the object into r14, the items into r12. */
    @Stencil("""
        | mov  r14, [r13 + slot]
        | mov  rax, [r14 + OBJECT_TYPE]
        | lea  r12, [r14 + TUPLE_ITEMS]
        | mov  rcx, tuple
        | cmp  rax, rcx
        | je   >1
        | mov  r12, [r14 + LIST_ITEMS]
        | mov  rcx, list
        | cmp  rax, rcx
        | jne  =>other
        |1:
        | cmp  qword [r14 + VAR_SIZE], size
        | jne  =>other
        """)
    void sequence(int slot, long tuple, long list, int size, Label other);

    long OFFSET_FLAG = 1L << 63;
}
