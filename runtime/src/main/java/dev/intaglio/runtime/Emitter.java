package dev.intaglio.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The base of generated emitters: stores, the shapes many instructions share, labels, and errors.
 *
 * <p>What is protected is for generated code. A stencil method reads a section's array and position into locals, stores
 * in ascending order (a store may write up to seven bytes beyond those that matter), and writes the position back at its
 * end. The static methods are small so that the JIT compiler inlines them. A {@code site} is stencil number shifted left
 * by 16, or'ed with the line's index; it is how a message finds the source line.
 */
public abstract class Emitter {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    protected final CodeBuffer buffer;
    protected final Section code;
    protected final Section cold;
    protected final Section data;

    private Label[] globals;

    /** What the buffer calls this emitter's class; 0 before it is asked. */
    private int number;

    /** An emitter that writes to {@code buffer}. */
    protected Emitter(CodeBuffer buffer) {
        this.buffer = buffer;
        this.code = buffer.code();
        this.cold = buffer.cold();
        this.data = buffer.data();
    }

    /** The stencils of this emitter, by stencil number. */
    protected abstract StencilSource[] sources();

    /** The names of the emitter's {@code ->name} labels, by index. */
    protected String[] globals() {
        return new String[0];
    }

    /** The buffer this emitter writes to. */
    public final CodeBuffer buffer() {
        return buffer;
    }

    // ---- sections

    /** The section that the user named. */
    protected final Section section(String name) {
        return buffer.section(name);
    }

    protected static byte[] bytes(Section s) {
        return s.bytes;
    }

    protected static int position(Section s) {
        return s.position;
    }

    protected static void position(Section s, int p) {
        s.position = p;
    }

    protected static long base(Section s) {
        return s.base;
    }

    /** Whether there is no room for {@code need} more bytes. */
    protected static boolean full(Section s, int need) {
        return s.position + need > s.limit;
    }

    /** Makes room for {@code need} more bytes; may replace the section's array. */
    protected final void reserve(Section s, int need) {
        buffer.reserve(s, need);
    }

    /** Makes room for {@code hot} more bytes of code and {@code coldBytes} of cold code. */
    protected final void reserve(int hot, int coldBytes) {
        if (full(code, hot) | full(cold, coldBytes)) {
            buffer.reserve(code, hot);
            buffer.reserve(cold, coldBytes);
        }
    }

    // ---- stores

    protected static void put8(byte[] b, int p, long v) {
        LONG.set(b, p, v);
    }

    protected static void put4(byte[] b, int p, int v) {
        INT.set(b, p, v);
    }

    protected static void put2(byte[] b, int p, int v) {
        SHORT.set(b, p, (short) v);
    }

    protected static void put1(byte[] b, int p, int v) {
        b[p] = (byte) v;
    }

    // ---- shapes

    /**
     * An instruction head with a memory operand whose displacement takes 0, 1 or 4 bytes.
     *
     * @param head prefixes, opcode, ModRM with mod 00, SIB; the base is neither rbp nor r13
     * @param headLength number of bytes of the head, at most 7
     * @param modrm index of the ModRM byte in the head
     * @return the position behind the displacement
     */
    protected static int displaced(byte[] b, int p, long head, int headLength, int modrm, long displacement) {
        if (displacement == 0) {
            put8(b, p, head);
            return p + headLength;
        }
        return displacedAlways(b, p, head, headLength, modrm, displacement);
    }

    /** Like {@link #displaced}, but the displacement takes at least one byte: the base may be rbp or r13. */
    protected static int displacedAlways(byte[] b, int p, long head, int headLength, int modrm, long displacement) {
        if (displacement == (byte) displacement) {
            put8(b, p, head | 0x40L << (modrm << 3) | (displacement & 0xff) << (headLength << 3));
            return p + headLength + 1;
        }
        put8(b, p, head | 0x80L << (modrm << 3));
        put8(b, p + headLength, displacement & 0xffff_ffffL);
        return p + headLength + 4;
    }

    /** The bits of an operand whose Java type only javac knows. */
    protected static long operandBits(long value) {
        return value;
    }

    /** A double stands for its 64 bits. */
    protected static long operandBits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    /** A float stands for its 32 bits. */
    protected static long operandBits(float value) {
        return Integer.toUnsignedLong(Float.floatToRawIntBits(value));
    }

    /** A boolean stands for 0 or 1. */
    protected static long operandBits(boolean value) {
        return value ? 1 : 0;
    }

    /** {@code mov r64, value} in the fewest bytes, where flags may be lost; {@code here} is the address of position p. */
    protected static int constant(byte[] b, int p, long here, int register, long value) {
        if (value == 0) {
            if (register < 8) {
                put8(b, p, 0xC031 | (long) (register * 9) << 8); // xor r32, r32
                return p + 2;
            }
            put8(b, p, 0xC03145 | (long) ((register - 8) * 9) << 16);
            return p + 3;
        }
        return constantKeepingFlags(b, p, here, register, value);
    }

    /** {@code mov r64, value} in the fewest bytes that leave the flags alone. */
    protected static int constantKeepingFlags(byte[] b, int p, long here, int register, long value) {
        if (value >>> 32 == 0) {
            if (register < 8) {
                put8(b, p, 0xB8 | register | value << 8); // mov r32, imm32
                return p + 5;
            }
            put8(b, p, 0xB841 | (long) (register - 8) << 8 | value << 16);
            return p + 6;
        }
        return wideConstant(b, p, here, register, value);
    }

    private static int wideConstant(byte[] b, int p, long here, int register, long value) {
        int high = register >> 3;
        if (value == (int) value) {
            put8(b, p, 0xC0C748 | high | (long) (register & 7) << 16 | value << 24); // mov r/m64, imm32
            return p + 7;
        }
        long distance = value - (here + 7);
        if (distance == (int) distance) {
            put8(b, p, 0x058D48 | high << 2 | (long) (register & 7) << 19 | distance << 24); // lea r64, [rip + rel32]
            return p + 7;
        }
        put2(b, p, 0xB848 | high | (register & 7) << 8); // mov r64, imm64
        put8(b, p + 2, value);
        return p + 10;
    }

    /** Fills with the fewest NOPs up to the alignment, a power of two. */
    protected static int align(byte[] b, int p, long base, int alignment) {
        return Nop.fill(b, p, (int) -(base + p) & alignment - 1);
    }

    /** Fills with zeros up to the alignment, a power of two. */
    protected static int alignData(byte[] b, int p, long base, int alignment) {
        int end = p + ((int) -(base + p) & alignment - 1);
        for (int i = p; i < end; i++) {
            b[i] = 0;
        }
        return end;
    }

    // ---- labels

    /** Binds the label to position {@code p} of the section. */
    protected final void bind(Label label, Section s, int p, int site) {
        if (label.emission == buffer.emission) {
            throw boundTwice(label, site);
        }
        if (s.limit < 0) {
            buffer.reserve(s, 0);
        }
        label.emission = buffer.emission;
        label.address = s.base + p;
        label.site = signed(site);
        if (buffer.notes != null) {
            buffer.bound(label);
        }
    }

    /** {@code jmp label + offset}: two bytes when the label is bound and near, five otherwise. */
    protected final int jump(Section s, byte[] b, int p, Label target, long offset, int site) {
        if (target.emission == buffer.emission) {
            long distance = target.address + offset - (s.base + p);
            if (distance - 2 == (byte) (distance - 2)) {
                put2(b, p, 0xEB | (int) (distance - 2) << 8);
                return p + 2;
            }
            put8(b, p, 0xE9 | distance32(distance - 5, target, site) << 8);
            return p + 5;
        }
        put8(b, p, 0xE9);
        buffer.fixups.add(s, p + 1, Fixups.REL32, target, offset - 4, signed(site));
        return p + 5;
    }

    /** {@code jcc label + offset}; {@code condition} is the low half of the opcode. Two or six bytes. */
    protected final int branch(Section s, byte[] b, int p, int condition, Label target, long offset, int site) {
        if (target.emission == buffer.emission) {
            long distance = target.address + offset - (s.base + p);
            if (distance - 2 == (byte) (distance - 2)) {
                put2(b, p, 0x70 | condition | (int) (distance - 2) << 8);
                return p + 2;
            }
            put8(b, p, 0x800F | condition << 8 | distance32(distance - 6, target, site) << 16);
            return p + 6;
        }
        put8(b, p, 0x800F | condition << 8);
        buffer.fixups.add(s, p + 2, Fixups.REL32, target, offset - 4, signed(site));
        return p + 6;
    }

    /** {@code call label + offset}. */
    protected final int call(Section s, byte[] b, int p, Label target, long offset, int site) {
        put8(b, p, 0xE8);
        relative(s, b, p + 1, 0, target, offset, site);
        return p + 5;
    }

    /** A rel32 field: the distance from its end and {@code trailing} more bytes to label + offset. */
    protected final void relative(Section s, byte[] b, int field, int trailing, Label target, long offset, int site) {
        if (target.emission == buffer.emission) {
            long distance = target.address + offset - (s.base + field + 4 + trailing);
            put4(b, field, (int) distance32(distance, target, site));
            return;
        }
        put4(b, field, 0);
        buffer.fixups.add(s, field, Fixups.REL32, target, offset - 4 - trailing, signed(site));
    }

    /** A rel8 field, of instructions that have no longer form. */
    protected final void relative8(Section s, byte[] b, int field, Label target, long offset, int site) {
        if (target.emission == buffer.emission) {
            long distance = target.address + offset - (s.base + field + 1);
            if (distance != (byte) distance) {
                throw failed(Fixups.outOfReach(quote(site), target, distance, 1));
            }
            b[field] = (byte) distance;
            return;
        }
        b[field] = 0;
        buffer.fixups.add(s, field, Fixups.REL8, target, offset - 1, signed(site));
    }

    /** An 8-byte field that holds the address of label + offset. */
    protected final void absolute8(Section s, byte[] b, int field, Label target, long offset, int site) {
        if (target.emission == buffer.emission) {
            put8(b, field, target.address + offset);
            return;
        }
        put8(b, field, 0);
        buffer.fixups.add(s, field, Fixups.ABSOLUTE, target, offset, signed(site));
    }

    /** A field of 1, 2, 4 or 8 bytes: label + offset - from; without {@code from} (null) the distance from the field. */
    protected final void distance(
            Section s, byte[] b, int field, int itemBytes, Label target, Label from, long offset, int site) {
        Fixups.clear(b, field, itemBytes);
        buffer.fixups.addDistance(s, field, itemBytes, target, from, offset, signed(site));
    }

    /** The emitter's own {@code ->name} label. */
    protected final Label global(int index) {
        Label[] known = globals;
        return known != null ? known[index] : makeGlobals()[index];
    }

    private Label[] makeGlobals() {
        String[] names = globals();
        globals = new Label[names.length];
        for (int i = 0; i < names.length; i++) {
            globals[i] = new Label(names[i]);
        }
        return globals;
    }

    // ---- absolute addresses

    /** {@code call address}: five bytes when the whole cache reaches it, through a pool slot otherwise. */
    protected final int callAddress(Section s, byte[] b, int p, long address, int site) {
        if (buffer.reaches(address)) {
            put8(b, p, 0xE8 | (address - (s.base + p + 5)) << 8);
            return p + 5;
        }
        put8(b, p, 0x15FF | (buffer.pool(address) - (s.base + p + 6)) << 16);
        return p + 6;
    }

    /** {@code jmp address}: like {@link #callAddress}, and two bytes when it is very near. */
    protected final int jumpAddress(Section s, byte[] b, int p, long address, int site) {
        if (buffer.reaches(address)) {
            long distance = address - (s.base + p + 2);
            if (distance == (byte) distance) {
                put2(b, p, 0xEB | (int) distance << 8);
                return p + 2;
            }
            put8(b, p, 0xE9 | (distance - 3) << 8);
            return p + 5;
        }
        put8(b, p, 0x25FF | (buffer.pool(address) - (s.base + p + 6)) << 16);
        return p + 6;
    }

    /** {@code jcc address}; out of reach it is the opposite branch over a jump through a pool slot. */
    protected final int branchAddress(Section s, byte[] b, int p, int condition, long address, int site) {
        if (buffer.reaches(address)) {
            put8(b, p, 0x800F | condition << 8 | (address - (s.base + p + 6)) << 16);
            return p + 6;
        }
        put2(b, p, 0x0670 | condition ^ 1);
        put8(b, p + 2, 0x25FF | (buffer.pool(address) - (s.base + p + 8)) << 16);
        return p + 8;
    }

    /** A rel32 field that holds the distance to an address; there is no other form, so out of reach is an error. */
    protected final void relativeAddress(Section s, byte[] b, int field, int trailing, long address, int site) {
        long distance = address - (s.base + field + 4 + trailing);
        if (distance != (int) distance) {
            throw failed(new EmissionException(quote(site) + ": address 0x" + Long.toHexString(address)
                    + " is out of the reach of 32 bits from the code at 0x" + Long.toHexString(s.base + field)
                    + "; load the address into a register first, or name it when the cache is made:"
                    + " CodeCache.options().near(address)"));
        }
        put4(b, field, (int) distance);
    }

    // ---- errors

    /** Refuses a value that does not fit its field. */
    protected final void checkRange(int site, String what, long value, long minimum, long maximum) {
        if (value < minimum | value > maximum) {
            throw outOfRange(site, what, value, minimum, maximum);
        }
    }

    /** Refuses a register number outside of 0 to {@code limit - 1}, or equal to {@code excluded} (-1: none). */
    protected final void checkRegister(int site, String operand, long number, int limit, int excluded) {
        if (number < 0 | number >= limit) {
            throw badRegister(site, operand, number, limit);
        }
        if (number == excluded) {
            throw excludedRegister(site, operand, number);
        }
    }

    /** The exception for a value that does not fit; generated code throws it before it stores anything. */
    protected final EmissionException outOfRange(int site, String what, long value, long minimum, long maximum) {
        return new EmissionException(quote(site) + ": " + what + " is " + value + ", but only " + minimum + " to "
                + maximum + " can be encoded");
    }

    /** The exception for a register number that the operand cannot name. */
    protected final EmissionException badRegister(int site, String operand, long number, int limit) {
        return new EmissionException(quote(site) + ": " + operand + " has register number " + number
                + ", but only 0 to " + (limit - 1) + " exist");
    }

    private EmissionException excludedRegister(int site, String operand, long number) {
        return new EmissionException(quote(site) + ": " + operand + " has register number " + number
                + " (rsp), which cannot be an index; make it the base, or copy it to another register first");
    }

    private EmissionException boundTwice(Label label, int site) {
        return failed(new EmissionException(quote(site) + ": " + label + " is already bound, by "
                + buffer.fixups.quote(label.site) + "; a label is bound once in a piece, so make a new one"));
    }

    private long distance32(long distance, Label target, int site) {
        if (distance != (int) distance) {
            throw failed(Fixups.outOfReach(quote(site), target, distance, 4));
        }
        return distance;
    }

    /** The exception of a stencil that has stored something already: the piece is good for a reset only. */
    private <T extends RuntimeException> T failed(T exception) {
        buffer.spoil(exception);
        return exception;
    }

    /** A site together with who speaks of it: plain numbers, because storing references costs a barrier. */
    private long signed(int site) {
        int known = number;
        return (long) (known != 0 ? known : enlist()) << 32 | site & 0xffff_ffffL;
    }

    private int enlist() {
        number = buffer.enlist(this);
        return number;
    }

    /** Where a site is, with the text of the line. */
    final String quote(int site) {
        StencilSource[] all = sources();
        int stencil = site >>> 16;
        return stencil < all.length
                ? all[stencil].quote(site & 0xffff)
                : getClass().getSimpleName();
    }

    // ---- listing

    /** Whether the buffer wants {@link #record} to be called at the end of each stencil. */
    protected final boolean listing() {
        return buffer.notes != null;
    }

    /**
     * Notes what a stencil emitted.
     *
     * @param starts pairs of line index and position, in the order of emission
     * @param arguments the stencil's arguments
     * @param operands the values for {@code {0}}, {@code {1}}… in the lines' texts
     */
    protected final void record(int stencil, int[] starts, Object[] arguments, long[] operands) {
        buffer.notes.add(new EmissionNote(sources()[stencil], starts, arguments, operands));
    }
}
