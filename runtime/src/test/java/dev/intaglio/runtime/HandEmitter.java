package dev.intaglio.runtime;

/** An emitter as a test writes one by hand: it opens what generated code sees, one instruction a call. */
final class HandEmitter extends Emitter {
    static final int SITE = 0;

    HandEmitter(CodeBuffer buffer) {
        super(buffer);
    }

    @Override
    protected StencilSource[] sources() {
        return new StencilSource[] {
            new StencilSource(
                    "Hand",
                    "Hand.java",
                    "jumps",
                    new String[] {"target"},
                    new StencilLine(7, "code", "jmp =>target"),
                    new StencilLine(8, "code", "mov rax, {0}"))
        };
    }

    @Override
    protected String[] globals() {
        return new String[] {"head", "tail"};
    }

    /** Raw bytes to the code section. */
    HandEmitter bytes(int... values) {
        return bytes(code, values);
    }

    HandEmitter bytes(Section s, int... values) {
        reserve(s, values.length);
        for (int value : values) {
            put1(s.next++, value);
        }
        return this;
    }

    HandEmitter hex(String hex) {
        byte[] raw = java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
        int[] values = new int[raw.length];
        for (int i = 0; i < raw.length; i++) {
            values[i] = raw[i];
        }
        return bytes(values);
    }

    HandEmitter nops(Section s, int count) {
        reserve(s, count);
        for (int i = 0; i < count; i++) {
            put1(s.next++, 0x90);
        }
        return this;
    }

    HandEmitter bind(Label label) {
        return bind(label, code);
    }

    HandEmitter bind(Label label, Section s) {
        bind(label, s, s.next, SITE);
        return this;
    }

    HandEmitter jump(Label target) {
        return jump(target, 0);
    }

    HandEmitter jump(Label target, long offset) {
        return jump(code, target, offset);
    }

    HandEmitter jump(Section s, Label target, long offset) {
        reserve(s, 16);
        s.next = jump(s, s.next, target, offset, SITE);
        return this;
    }

    HandEmitter branch(int condition, Label target) {
        return branch(code, condition, target, 0);
    }

    HandEmitter branch(Section s, int condition, Label target, long offset) {
        reserve(s, 16);
        s.next = branch(s, s.next, condition, target, offset, SITE);
        return this;
    }

    HandEmitter call(Label target) {
        return call(code, target, 0);
    }

    HandEmitter call(Section s, Label target, long offset) {
        reserve(s, 16);
        s.next = call(s, s.next, target, offset, SITE);
        return this;
    }

    /** {@code lea rax, [rip + target]}, with {@code trailing} bytes claimed behind the field. */
    HandEmitter relative(Label target, int trailing) {
        bytes(0x48, 0x8d, 0x05);
        reserve(code, 4);
        relative(code, code.next, trailing, target, 0, SITE);
        code.next += 4;
        return this;
    }

    /** A bare rel32 field. */
    HandEmitter relative32(Section s, Label target) {
        reserve(s, 4);
        relative(s, s.next, 0, target, 0, SITE);
        s.next += 4;
        return this;
    }

    /** {@code jrcxz target}. */
    HandEmitter jrcxz(Label target) {
        bytes(0xe3);
        reserve(code, 1);
        relative8(code, code.next, target, 0, SITE);
        code.next += 1;
        return this;
    }

    HandEmitter qword(Section s, Label target, long offset) {
        reserve(s, 8);
        absolute8(s, s.next, target, offset, SITE);
        s.next += 8;
        return this;
    }

    HandEmitter distance(Section s, int width, Label target, Label from, long offset) {
        reserve(s, width);
        distance(s, s.next, width, target, from, offset, SITE);
        s.next += width;
        return this;
    }

    HandEmitter callAddress(long address) {
        reserve(code, 16);
        code.next = callAddress(code, code.next, address, SITE);
        return this;
    }

    HandEmitter jumpAddress(long address) {
        reserve(code, 16);
        code.next = jumpAddress(code, code.next, address, SITE);
        return this;
    }

    HandEmitter branchAddress(int condition, long address) {
        reserve(code, 16);
        code.next = branchAddress(code, code.next, condition, address, SITE);
        return this;
    }

    HandEmitter relativeAddress(long address, int trailing) {
        reserve(code, 4);
        relativeAddress(code, code.next, trailing, address, SITE);
        code.next += 4;
        return this;
    }

    HandEmitter patchBranch(PatchSite site, int opcode, Label target) {
        advance(code, patchBranch(code, reserve(code, 16), site, opcode, target, 0, SITE));
        return this;
    }

    HandEmitter patchBranch(PatchSite site, int opcode, long address) {
        advance(code, patchBranchAddress(code, reserve(code, 16), site, opcode, address, SITE));
        return this;
    }

    HandEmitter patchConstant(PatchSite site, int register, int width, long value) {
        advance(code, patchConstant(code, reserve(code, 24), site, register, width, value, SITE));
        return this;
    }

    HandEmitter enterFrame() {
        advance(code, enterFrame(code, reserve(code, 16)));
        return this;
    }

    HandEmitter leaveFrame(int bytes) {
        needFrame(bytes, SITE);
        advance(code, leaveFrame(code, reserve(code, 8)));
        return this;
    }

    HandEmitter constant(int register, long value, boolean keepFlags) {
        reserve(code, 16);
        long p = code.next;
        code.next = keepFlags
                ? constantKeepingFlags(p, code.slide + p, register, value)
                : constant(p, code.slide + p, register, value);
        return this;
    }

    HandEmitter displaced(long head, int length, int modrm, long displacement, boolean always) {
        reserve(code, 16);
        long p = code.next;
        code.next = always
                ? displacedAlways(p, head, length, modrm, displacement)
                : displaced(p, head, length, modrm, displacement);
        return this;
    }

    HandEmitter align(Section s, int alignment) {
        advance(s, align(reserve(s, alignment), s.slide, alignment));
        return this;
    }

    HandEmitter align(int alignment) {
        reserve(code, alignment);
        code.next = align(code.next, code.slide, alignment);
        return this;
    }

    /** Ends a sentence: commits what was emitted. */
    Code commit(String name, CodeBuffer from) {
        return from.commit(name);
    }

    Label globalLabel(int index) {
        return global(index);
    }

    Section named(String name) {
        return section(name);
    }

    void throwOutOfRange(long value) {
        throw outOfRange(1, "the immediate", value, -128, 127);
    }

    /** Notes one stencil for the listing: line 0 at {@code first}, line 1 at {@code second}. */
    void note(int first, int second, long operand) {
        if (advance(code, code.next)) {
            recordCall(0, new Object[] {"loop"}, new long[] {operand});
            recordLines(0, code.place(first), 1, code.place(second));
        }
    }
}
