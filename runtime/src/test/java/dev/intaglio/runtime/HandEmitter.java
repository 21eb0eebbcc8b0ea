package dev.intaglio.runtime;

import java.util.HexFormat;

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
        long p = reserve(s, values.length);
        for (int value : values) {
            put1(p++, value);
        }
        advance(s, p);
        return this;
    }

    HandEmitter hex(String hex) {
        byte[] raw = HexFormat.of().parseHex(hex.replace(" ", ""));
        int[] values = new int[raw.length];
        for (int i = 0; i < raw.length; i++) {
            values[i] = raw[i];
        }
        return bytes(values);
    }

    HandEmitter nops(Section s, int count) {
        long p = reserve(s, count);
        for (int i = 0; i < count; i++) {
            put1(p++, 0x90);
        }
        advance(s, p);
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
        advance(s, jump(s, reserve(s, 16), target, offset, SITE));
        return this;
    }

    HandEmitter branch(int condition, Label target) {
        return branch(code, condition, target, 0);
    }

    HandEmitter branch(Section s, int condition, Label target, long offset) {
        advance(s, branch(s, reserve(s, 16), condition, target, offset, SITE));
        return this;
    }

    HandEmitter call(Label target) {
        return call(code, target, 0);
    }

    HandEmitter call(Section s, Label target, long offset) {
        advance(s, call(s, reserve(s, 16), target, offset, SITE));
        return this;
    }

    /** {@code lea rax, [rip + target]}, with {@code trailing} bytes claimed behind the field. */
    HandEmitter relative(Label target, int trailing) {
        bytes(0x48, 0x8d, 0x05);
        long p = reserve(code, 4);
        relative(code, p, trailing, target, 0, SITE);
        advance(code, p + 4);
        return this;
    }

    /** A bare rel32 field. */
    HandEmitter relative32(Section s, Label target) {
        long p = reserve(s, 4);
        relative(s, p, 0, target, 0, SITE);
        advance(s, p + 4);
        return this;
    }

    /** {@code jrcxz target}. */
    HandEmitter jrcxz(Label target) {
        bytes(0xe3);
        long p = reserve(code, 1);
        relative8(code, p, target, 0, SITE);
        advance(code, p + 1);
        return this;
    }

    HandEmitter qword(Section s, Label target, long offset) {
        long p = reserve(s, 8);
        absolute8(s, p, target, offset, SITE);
        advance(s, p + 8);
        return this;
    }

    HandEmitter distance(Section s, int width, Label target, Label from, long offset) {
        long p = reserve(s, width);
        distance(s, p, width, target, from, offset, SITE);
        advance(s, p + width);
        return this;
    }

    HandEmitter callAddress(long address) {
        advance(code, callAddress(code, reserve(code, 16), address, SITE));
        return this;
    }

    HandEmitter jumpAddress(long address) {
        advance(code, jumpAddress(code, reserve(code, 16), address, SITE));
        return this;
    }

    HandEmitter branchAddress(int condition, long address) {
        advance(code, branchAddress(code, reserve(code, 16), condition, address, SITE));
        return this;
    }

    HandEmitter relativeAddress(long address, int trailing) {
        long p = reserve(code, 4);
        relativeAddress(code, p, trailing, address, SITE);
        advance(code, p + 4);
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
        long p = reserve(code, 16);
        long end = keepFlags
                ? constantKeepingFlags(p, code.slide + p, register, value)
                : constant(p, code.slide + p, register, value);
        advance(code, end);
        return this;
    }

    HandEmitter displaced(long head, int length, int modrm, long displacement, boolean always) {
        long p = reserve(code, 16);
        long end = always
                ? displacedAlways(p, head, length, modrm, displacement)
                : displaced(p, head, length, modrm, displacement);
        advance(code, end);
        return this;
    }

    HandEmitter align(Section s, int alignment) {
        advance(s, align(reserve(s, alignment), s.slide, alignment));
        return this;
    }

    HandEmitter align(int alignment) {
        return align(code, alignment);
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
