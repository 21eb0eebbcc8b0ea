package dev.intaglio.tests.bench;

/**
 * The emission benchmark's baseline: the same trace written one byte at a time, as a first assembler in Java would do it.
 * Its bytes equal those of the stencils, given the same addresses.
 */
final class ByteWriter {
    private static final int RAX = 0;
    private static final int RCX = 1;
    private static final int RBX = 3;
    private static final int RSI = 6;
    private static final int RDI = 7;
    private static final int R13 = 13;
    private static final int R15 = 15;
    private static final int XMM0 = 0;

    private final byte[] hot = new byte[1 << 17];
    private final byte[] cold = new byte[1 << 17];
    private final int[] labels = new int[Trace.LENGTH];
    private final int[] fixupPlaces = new int[Trace.LENGTH];
    private final int[] fixupTargets = new int[Trace.LENGTH];
    private long hotBase;
    private long coldBase;
    private byte[] bytes = hot;
    private int p;
    private int h;
    private int c;
    private int fixups;

    /** Starts a new piece whose hot and cold code will lie at these addresses. */
    void reset(long hotAddress, long coldAddress) {
        hotBase = hotAddress;
        coldBase = coldAddress;
        h = 0;
        c = 0;
        fixups = 0;
    }

    void emit(Trace trace, long dealloc, long deopt, long function) {
        for (int i = 0; i < Trace.LENGTH; i++) {
            hot();
            labels[i] = p;
            int so = trace.sp()[i] * 8;
            int ao = trace.a()[i] * 8;
            int exit = trace.exit()[i];
            switch (trace.ops()[i]) {
                case Trace.LOAD -> load(so, ao);
                case Trace.STORE -> store(so, ao, dealloc);
                case Trace.GUARD -> guard(so, trace.ptr()[i], exit, deopt);
                case Trace.ADD -> add(so, dealloc);
                case Trace.CONSTANT -> constant(so, trace.ptr()[i], exit);
                case Trace.COMPARE -> compare(so, trace.target()[i], i, dealloc);
                case Trace.LOOP -> loop(trace.target()[i], i, exit, deopt);
                case Trace.EXIT -> exit(so, exit);
                case Trace.ATTRIBUTE -> attribute(so, ao, trace.imm()[i], exit, deopt);
                case Trace.INTEGER -> integer(so, trace.imm()[i], trace.ptr()[i], function, exit, deopt);
                default -> throw new IllegalStateException("no op " + trace.ops()[i]);
            }
            h = p;
        }
    }

    void link() {
        for (int i = 0; i < fixups; i++) {
            int place = fixupPlaces[i];
            int distance = labels[fixupTargets[i]] - (place + 4);
            for (int k = 0; k < 4; k++) {
                hot[place + k] = (byte) (distance >> 8 * k);
            }
        }
    }

    int hotSize() {
        return h;
    }

    int coldSize() {
        return c;
    }

    byte[] hotBytes() {
        return hot;
    }

    byte[] coldBytes() {
        return cold;
    }

    private void load(int so, int ao) {
        memory(true, 0x8B, RCX, R13, ao + 80);
        put(0xF6, 0xC1, 0x01);
        put(0x75, 0x02);
        put(0xFF, 0x01);
        memory(true, 0x89, RCX, RBX, so);
    }

    private void store(int so, int ao, long dealloc) {
        memory(true, 0x8B, RAX, RBX, so);
        memory(true, 0x8B, RDI, R13, ao + 80);
        memory(true, 0x89, RAX, R13, ao + 80);
        put(0x48, 0x85, 0xFF);
        put(0x74, 9);
        put(0x48, 0xFF, 0x0F);
        branchToCold(0x84);
        deallocate(dealloc);
    }

    private void guard(int so, long type, int exit, long deopt) {
        memory(true, 0x8B, RDI, RBX, so);
        constant(RAX, type, false);
        memory(true, 0x39, RAX, RDI, 8);
        branchToCold(0x85);
        leave(exit, deopt);
    }

    private void add(int so, long dealloc) {
        memory(true, 0x8B, RSI, RBX, so - 16);
        memory(true, 0x8B, RDI, RBX, so - 8);
        put(0xF2);
        memory(false, 0x0F10, XMM0, RSI, 16);
        put(0xF2);
        memory(false, 0x0F58, XMM0, RDI, 16);
        put(0xF2);
        memory(false, 0x0F11, XMM0, RSI, 16);
        put(0x48, 0xFF, 0x0F);
        branchToCold(0x84);
        int back = p;
        memory(true, 0x89, RSI, RBX, so - 16);
        deallocate(dealloc, back);
    }

    private void constant(int so, long object, int exit) {
        constant(RAX, object, false);
        put(0xFF, 0x00);
        memory(true, 0x89, RAX, RBX, so);
        memory(false, 0xC7, 0, R13, 64);
        put4(exit);
    }

    private void compare(int so, int target, int index, long dealloc) {
        memory(true, 0x8B, RSI, RBX, so - 16);
        memory(true, 0x8B, RDI, RBX, so - 8);
        put(0x48, 0xFF, 0x0F);
        branchToCold(0x84);
        int back = p;
        put(0xF2);
        memory(false, 0x0F10, XMM0, RSI, 16);
        put(0x66);
        memory(false, 0x0F2E, XMM0, RDI, 16);
        branch(0x82, target, index);
        deallocate(dealloc, back);
    }

    private void loop(int target, int index, int exit, long deopt) {
        memory(false, 0x8B, RAX, R15, 0x1234);
        put(0x85, 0xC0);
        branchToCold(0x85);
        branch(-1, target, index);
        leave(exit, deopt);
    }

    private void exit(int so, int exit) {
        memory(true, 0x8D, RAX, RBX, so);
        memory(true, 0x89, RAX, R13, 72);
        put(0xB8);
        put4(exit);
        put(0x48, 0x83, 0xC4, 0x08);
        put(0xC3);
    }

    private void attribute(int so, int ao, int version, int exit, long deopt) {
        memory(true, 0x8B, RDI, RBX, so);
        memory(true, 0x8B, RAX, RDI, 8);
        boolean small = (byte) version == version;
        memory(false, small ? 0x83 : 0x81, 7, RAX, 0x1a0);
        immediate(version);
        branchToCold(0x85);
        memory(true, 0x8B, RAX, RDI, ao + 16);
        put(0x48, 0x85, 0xC0);
        branchToCold(0x84);
        put(0xFF, 0x00);
        memory(true, 0x89, RAX, RBX, so);
        leave(exit, deopt);
    }

    private void integer(int so, int addend, long table, long function, int exit, long deopt) {
        memory(true, 0x8B, RSI, RBX, so - 16);
        memory(true, 0x8B, RAX, RBX, so - 8);
        memory(true, 0x8B, RCX, RSI, 24);
        memory(true, 0x03, RCX, RAX, 24);
        branchToCold(0x80);
        put(0x48, (byte) addend == addend ? 0x83 : 0x81, 0xC1);
        immediate(addend);
        constant(RDI, table, true);
        call(function);
        memory(true, 0x89, RAX, RBX, so - 16);
        leave(exit, deopt);
    }

    /** Cold code that frees the object in rdi and goes back to where the hot code went on. */
    private void deallocate(long dealloc) {
        deallocate(dealloc, p);
    }

    private void deallocate(long dealloc, int back) {
        cold();
        call(dealloc);
        int shortDistance = (int) (hotBase + back - (here() + 2));
        if ((byte) shortDistance == shortDistance) {
            put(0xEB, shortDistance);
        } else {
            put(0xE9);
            put4((int) (hotBase + back - (here() + 4)));
        }
        hot();
    }

    /** Cold code that leaves the trace. */
    private void leave(int exit, long deopt) {
        cold();
        put(0xB9);
        put4(exit);
        put(0xE9);
        put4((int) (deopt - (here() + 4)));
        hot();
    }

    private void branchToCold(int condition) {
        put(0x0F, condition);
        put4((int) (coldBase + c - (here() + 4)));
    }

    private void branch(int condition, int target, int index) {
        if (target <= index) {
            int distance = labels[target] - (p + 2);
            if ((byte) distance == distance) {
                put(condition < 0 ? 0xEB : condition - 0x10, distance);
                return;
            }
        }
        if (condition < 0) {
            put(0xE9);
        } else {
            put(0x0F, condition);
        }
        if (target <= index) {
            put4(labels[target] - (p + 4));
        } else {
            fixupPlaces[fixups] = p;
            fixupTargets[fixups++] = target;
            put4(0);
        }
    }

    private void call(long address) {
        put(0xE8);
        put4((int) (address - (here() + 4)));
    }

    private void constant(int register, long value, boolean flagsLive) {
        if (value == 0 && !flagsLive) {
            put(0x31, 0xC0 | register << 3 | register);
        } else if (value >>> 32 == 0) {
            put(0xB8 | register);
            put4((int) value);
        } else if ((int) value == value) {
            put(0x48, 0xC7, 0xC0 | register);
            put4((int) value);
        } else {
            put(0x48, 0xB8 | register);
            put4((int) value);
            put4((int) (value >>> 32));
        }
    }

    private void immediate(int value) {
        if ((byte) value == value) {
            put(value);
        } else {
            put4(value);
        }
    }

    private void memory(boolean wide, int opcode, int register, int base, int displacement) {
        int rex = (wide ? 0x48 : 0x40) | register >> 3 << 2 | base >> 3;
        if (rex != 0x40) {
            put(rex);
        }
        if (opcode > 0xFF) {
            put(opcode >> 8);
        }
        put(opcode);
        int modRm = (register & 7) << 3 | base & 7;
        if (displacement == 0 && (base & 7) != 5) {
            put(modRm);
        } else if ((byte) displacement == displacement) {
            put(0x40 | modRm, displacement);
        } else {
            put(0x80 | modRm);
            put4(displacement);
        }
    }

    private long here() {
        return (bytes == hot ? hotBase : coldBase) + p;
    }

    private void hot() {
        if (bytes == cold) {
            c = p;
        }
        bytes = hot;
        p = h;
    }

    private void cold() {
        h = p;
        bytes = cold;
        p = c;
    }

    private void put(int a) {
        bytes[p++] = (byte) a;
    }

    private void put(int a, int b) {
        put(a);
        put(b);
    }

    private void put(int a, int b, int d) {
        put(a);
        put(b);
        put(d);
    }

    private void put(int a, int b, int d, int e) {
        put(a, b);
        put(d, e);
    }

    private void put4(int value) {
        put(value, value >> 8, value >> 16, value >> 24);
    }
}
