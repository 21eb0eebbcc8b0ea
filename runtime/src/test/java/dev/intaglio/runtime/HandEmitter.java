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
            put1(s.bytes, s.position++, value);
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
            put1(s.bytes, s.position++, 0x90);
        }
        return this;
    }

    HandEmitter bind(Label label) {
        return bind(label, code);
    }

    HandEmitter bind(Label label, Section s) {
        bind(label, s, s.position, SITE);
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
        s.position = jump(s, s.bytes, s.position, target, offset, SITE);
        return this;
    }

    HandEmitter branch(int condition, Label target) {
        return branch(code, condition, target, 0);
    }

    HandEmitter branch(Section s, int condition, Label target, long offset) {
        reserve(s, 16);
        s.position = branch(s, s.bytes, s.position, condition, target, offset, SITE);
        return this;
    }

    HandEmitter call(Label target) {
        return call(code, target, 0);
    }

    HandEmitter call(Section s, Label target, long offset) {
        reserve(s, 16);
        s.position = call(s, s.bytes, s.position, target, offset, SITE);
        return this;
    }

    /** {@code lea rax, [rip + target]}, with {@code trailing} bytes claimed behind the field. */
    HandEmitter relative(Label target, int trailing) {
        bytes(0x48, 0x8d, 0x05);
        reserve(code, 4);
        relative(code, code.bytes, code.position, trailing, target, 0, SITE);
        code.position += 4;
        return this;
    }

    /** A bare rel32 field. */
    HandEmitter relative32(Section s, Label target) {
        reserve(s, 4);
        relative(s, s.bytes, s.position, 0, target, 0, SITE);
        s.position += 4;
        return this;
    }

    /** {@code jrcxz target}. */
    HandEmitter jrcxz(Label target) {
        bytes(0xe3);
        reserve(code, 1);
        relative8(code, code.bytes, code.position, target, 0, SITE);
        code.position += 1;
        return this;
    }

    HandEmitter qword(Section s, Label target, long offset) {
        reserve(s, 8);
        absolute8(s, s.bytes, s.position, target, offset, SITE);
        s.position += 8;
        return this;
    }

    HandEmitter distance(Section s, int width, Label target, Label from, long offset) {
        reserve(s, width);
        distance(s, s.bytes, s.position, width, target, from, offset, SITE);
        s.position += width;
        return this;
    }

    HandEmitter callAddress(long address) {
        reserve(code, 16);
        code.position = callAddress(code, code.bytes, code.position, address, SITE);
        return this;
    }

    HandEmitter jumpAddress(long address) {
        reserve(code, 16);
        code.position = jumpAddress(code, code.bytes, code.position, address, SITE);
        return this;
    }

    HandEmitter branchAddress(int condition, long address) {
        reserve(code, 16);
        code.position = branchAddress(code, code.bytes, code.position, condition, address, SITE);
        return this;
    }

    HandEmitter relativeAddress(long address, int trailing) {
        reserve(code, 4);
        relativeAddress(code, code.bytes, code.position, trailing, address, SITE);
        code.position += 4;
        return this;
    }

    HandEmitter constant(int register, long value, boolean keepFlags) {
        reserve(code, 16);
        byte[] b = code.bytes;
        int p = code.position;
        code.position = keepFlags
                ? constantKeepingFlags(b, p, code.base + p, register, value)
                : constant(b, p, code.base + p, register, value);
        return this;
    }

    HandEmitter displaced(long head, int length, int modrm, long displacement, boolean always) {
        reserve(code, 16);
        byte[] b = code.bytes;
        int p = code.position;
        code.position = always
                ? displacedAlways(b, p, head, length, modrm, displacement)
                : displaced(b, p, head, length, modrm, displacement);
        return this;
    }

    HandEmitter align(int alignment) {
        reserve(code, alignment);
        code.position = align(code.bytes, code.position, code.base, alignment);
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
        if (listing()) {
            record(0, new int[] {0, first, 1, second}, new Object[] {"loop"}, new long[] {operand});
        }
    }
}
