package dev.intaglio.runtime;

/**
 * Stores, and the shapes that many instructions share. All are static and small, so that the JIT compiler inlines them; generated
 * emitters inherit them through {@link Emitter}.
 */
abstract class Shapes {
    /** ModRM's mod for a displacement of one byte and of four (SDM volume 2A, table 2-2). */
    private static final long MOD_8 = 0x40;

    private static final long MOD_32 = 0x80;
    private static final long MOD = 0xC0;

    /** Forms of the displacements that slots of frames and fields of objects have, from the least byte on. */
    private static final int LEAST_DISPLACEMENT = 128;

    private static final int DISPLACEMENT_BITS = 9;
    private static final int MOST_FORMS = 1 << DISPLACEMENT_BITS;
    /** In a form: mod, from bit 8 on the displacement, and from here on the number of its bytes. */
    private static final int FORM_LENGTH = 56;

    private static final long[] DISPLACEMENTS = displacements(false);
    private static final long[] DISPLACEMENTS_ALWAYS = displacements(true);

    // ---- places

    /**
     * {@return what added to a place gives the address it will have; good as long as the place}
     *
     * @param s the section
     */
    protected static long slide(Section s) {
        return s.slide;
    }

    /**
     * {@return what must be added to the distance between places in two sections to get that between their addresses}
     *
     * @param from the section from which the distance is counted
     * @param to the section to which it leads
     */
    protected static long between(Section from, Section to) {
        return to.slide - from.slide;
    }

    // ---- stores

    /**
     * Stores eight bytes, the lowest first, also where fewer matter: what is stored next overwrites the others.
     *
     * @param p the place of the first byte
     * @param v the bytes
     */
    protected static void put8(long p, long v) {
        NativeMemory.put8(p, v);
    }

    /**
     * Stores eight bytes, then eight others, as two calls do.
     *
     * @param p the place of the first byte
     * @param v the bytes
     * @param q the place of the first of the others
     * @param w the other bytes
     */
    protected static void put8(long p, long v, long q, long w) {
        NativeMemory.put8(p, v);
        NativeMemory.put8(q, w);
    }

    /**
     * Stores four bytes, the lowest first.
     *
     * @param p the place of the first byte
     * @param v the bytes
     */
    protected static void put4(long p, int v) {
        NativeMemory.put4(p, v);
    }

    /**
     * Stores two bytes, the lower first.
     *
     * @param p the place of the first byte
     * @param v the bytes, in the low 16 bits; the others are not looked at
     */
    protected static void put2(long p, int v) {
        NativeMemory.put2(p, (short) v);
    }

    /**
     * Stores a byte.
     *
     * @param p the place
     * @param v the byte, in the low 8 bits; the others are not looked at
     */
    protected static void put1(long p, int v) {
        NativeMemory.put1(p, (byte) v);
    }

    // ---- instructions

    /**
     * {@return the place behind an instruction's head and the displacement of its memory operand, which takes 0, 1 or 4 bytes}
     *
     * @param p the place of the head's first byte
     * @param head prefixes, opcode, ModRM with mod 00, SIB, maybe other bytes before; the base is neither rbp nor r13
     * @param headLength number of bytes of the head, at most 7
     * @param modrm index of the ModRM byte in the head
     * @param displacement 32 bits with sign; generated code has checked it
     */
    protected static long displaced(long p, long head, int headLength, int modrm, long displacement) {
        return displaced(DISPLACEMENTS, p, head, headLength, modrm, displacement);
    }

    /**
     * {@return the same as {@link #displaced}, but with 1 or 4 bytes: rbp and r13 need a displacement (SDM volume 2A, table 2-5)}
     *
     * @param p the place of the head's first byte
     * @param head prefixes, opcode, ModRM with mod 00, SIB, maybe other bytes before; any base
     * @param headLength number of bytes of the head, at most 7
     * @param modrm index of the ModRM byte in the head
     * @param displacement 32 bits with sign; generated code has checked it
     */
    protected static long displacedAlways(long p, long head, int headLength, int modrm, long displacement) {
        return displaced(DISPLACEMENTS_ALWAYS, p, head, headLength, modrm, displacement);
    }

    /** A table instead of branches: the size of a displacement cannot be predicted, that it is in the table can. */
    private static long displaced(long[] forms, long p, long head, int headLength, int modrm, long displacement) {
        if (displacement + LEAST_DISPLACEMENT >>> DISPLACEMENT_BITS != 0) {
            return displacedFar(p, head, headLength, modrm, displacement);
        }
        return displacedNear(forms, p, head, headLength, modrm, displacement);
    }

    /**
     * {@return the same as {@link #displaced} for -128 to 383, which generated code has checked}
     *
     * @param p the place of the head's first byte
     * @param head prefixes, opcode, ModRM with mod 00, SIB, maybe other bytes before; the base is neither rbp nor r13
     * @param headLength number of bytes of the head, at most 7
     * @param modrm index of the ModRM byte in the head
     * @param displacement -128 to 383
     */
    protected static long displacedNear(long p, long head, int headLength, int modrm, long displacement) {
        return displacedNear(DISPLACEMENTS, p, head, headLength, modrm, displacement);
    }

    /**
     * {@return the same as {@link #displacedAlways} for -128 to 383, which generated code has checked}
     *
     * @param p the place of the head's first byte
     * @param head prefixes, opcode, ModRM with mod 00, SIB, maybe other bytes before; any base
     * @param headLength number of bytes of the head, at most 7
     * @param modrm index of the ModRM byte in the head
     * @param displacement -128 to 383
     */
    protected static long displacedAlwaysNear(long p, long head, int headLength, int modrm, long displacement) {
        return displacedNear(DISPLACEMENTS_ALWAYS, p, head, headLength, modrm, displacement);
    }

    private static long displacedNear(long[] forms, long p, long head, int headLength, int modrm, long displacement) {
        long form = forms[(int) (displacement + LEAST_DISPLACEMENT) & MOST_FORMS - 1];
        if (headLength == modrm + 1) {
            put8(p, head | form << (modrm << 3));
        } else { // a SIB byte lies between
            put8(p, head | (form & MOD) << (modrm << 3) | displacement << (headLength << 3));
        }
        if (headLength > 4) {
            put4(p + headLength, (int) displacement);
        }
        return p + headLength + (form >>> FORM_LENGTH);
    }

    /**
     * {@return the place behind {@code call address}, five bytes}
     *
     * @param s the section
     * @param p the place of the first byte
     * @param address what is called, in reach; nothing is kept for it
     */
    protected static long callNear(Section s, long p, long address) {
        put8(p, 0xE8 | (address - (s.slide + p + 5)) << 8);
        return p + 5;
    }

    /**
     * {@return the place behind {@code jmp address}, five bytes}
     *
     * @param s the section
     * @param p the place of the first byte
     * @param address where the jump goes, in reach; nothing is kept for it
     */
    protected static long jumpNear(Section s, long p, long address) {
        put8(p, 0xE9 | (address - (s.slide + p + 5)) << 8);
        return p + 5;
    }

    /**
     * {@return the place behind {@code jcc address}, six bytes}
     *
     * @param s the section
     * @param p the place of the first byte
     * @param condition the low half of the opcode, 0 to 15
     * @param address where the branch goes, in reach; nothing is kept for it
     */
    protected static long branchNear(Section s, long p, int condition, long address) {
        put8(p, 0x800F | condition << 8 | (address - (s.slide + p + 6)) << 16);
        return p + 6;
    }

    /** A method of its own, though a form could be computed instead: that choice would make the common case a twentieth slower. */
    private static long displacedFar(long p, long head, int headLength, int modrm, long displacement) {
        put8(p, head | MOD_32 << (modrm << 3) | displacement << (headLength << 3));
        if (headLength > 4) {
            put4(p + headLength, (int) displacement);
        }
        return p + headLength + Integer.BYTES;
    }

    private static long[] displacements(boolean always) {
        long[] forms = new long[MOST_FORMS];
        for (int i = 0; i < forms.length; i++) {
            int displacement = i - LEAST_DISPLACEMENT;
            long bytes = displacement == 0 && !always ? 0 : displacement == (byte) displacement ? 1 : Integer.BYTES;
            long mod = bytes == 0 ? 0 : bytes == 1 ? MOD_8 : MOD_32;
            long value = bytes == 1 ? displacement & 0xff : displacement;
            forms[i] = bytes << FORM_LENGTH | value << 8 | mod;
        }
        return forms;
    }

    /**
     * {@return the bits of an operand whose Java type only javac knows, which picks the overload: an integer is itself}
     *
     * @param value the operand, widened to 64 bits as Java does
     */
    protected static long operandBits(long value) {
        return value;
    }

    /**
     * {@return the 64 bits that a double stands for, a NaN's as they are}
     *
     * @param value the operand
     */
    protected static long operandBits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    /**
     * {@return the 32 bits that a float stands for, a NaN's as they are, with zeros above}
     *
     * @param value the operand
     */
    protected static long operandBits(float value) {
        return Integer.toUnsignedLong(Float.floatToRawIntBits(value));
    }

    /**
     * {@return 1 for true, 0 for false}
     *
     * @param value the operand
     */
    protected static long operandBits(boolean value) {
        return value ? 1 : 0;
    }

    /**
     * {@return the place behind {@code mov r64, value} in the fewest bytes, 2 to 10, where flags may be lost}
     *
     * @param p the place of the first byte
     * @param here the address that place p will have: a value near it is taken relative to rip
     * @param register a register's number, 0 to 15
     * @param value all 64 bits
     */
    protected static long constant(long p, long here, int register, long value) {
        if (value == 0) {
            if (register < 8) {
                put8(p, 0xC031 | (long) (register * 9) << 8); // xor r32, r32
                return p + 2;
            }
            put8(p, 0xC03145 | (long) ((register - 8) * 9) << 16);
            return p + 3;
        }
        return constantKeepingFlags(p, here, register, value);
    }

    /**
     * {@return the place behind {@code mov r64, value} in the fewest bytes that leave the flags alone, 5 to 10}
     *
     * @param p the place of the first byte
     * @param here the address that place p will have: a value near it is taken relative to rip
     * @param register a register's number, 0 to 15
     * @param value all 64 bits
     */
    protected static long constantKeepingFlags(long p, long here, int register, long value) {
        if (value >>> 32 == 0) {
            if (register < 8) {
                put8(p, 0xB8 | register | value << 8); // mov r32, imm32
                return p + 5;
            }
            put8(p, 0xB841 | (long) (register - 8) << 8 | value << 16);
            return p + 6;
        }
        return wideConstant(p, here, register, value);
    }

    private static long wideConstant(long p, long here, int register, long value) {
        int high = register >> 3;
        if (value == (int) value) {
            put8(p, 0xC0C748 | high | (long) (register & 7) << 16 | value << 24); // mov r/m64, imm32
            return p + 7;
        }
        long distance = value - (here + 7);
        if (distance == (int) distance) {
            put8(p, 0x058D48 | high << 2 | (long) (register & 7) << 19 | distance << 24); // lea r64, [rip + rel32]
            return p + 7;
        }
        put2(p, 0xB848 | high | (register & 7) << 8); // mov r64, imm64
        put8(p + 2, value);
        return p + 10;
    }

    /**
     * {@return the first place from p on whose address is aligned; the fewest NOPs fill what is before}
     *
     * @param p the place behind what was emitted
     * @param slide the section's, from {@link #slide}
     * @param alignment in bytes, a power of two
     */
    protected static long align(long p, long slide, int alignment) {
        return Nop.fill(p, (int) -(slide + p) & alignment - 1);
    }

    /**
     * {@return the first place from p on whose address is aligned; zeros fill what is before}
     *
     * @param p the place behind what was emitted
     * @param slide the section's, from {@link #slide}
     * @param alignment in bytes, a power of two
     */
    protected static long alignData(long p, long slide, int alignment) {
        long end = p + (-(slide + p) & alignment - 1);
        for (long at = p; at < end; at += 8) {
            put8(at, 0);
        }
        return end;
    }
}
