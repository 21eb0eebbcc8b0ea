package dev.intaglio.runtime;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The base of generated emitters: stores, the shapes many instructions share, labels, and errors.
 *
 * <p>What is protected is for generated code. A stencil method reserves room, which gives it the place where the next byte of a
 * section is collected, stores in ascending order (a store may write up to seven bytes beyond those that matter), and says at
 * its end how far it came. The static methods are small so that the JIT compiler inlines them. A {@code site} is stencil number shifted left
 * by 16, or'ed with the line's index; it is how a message finds the source line.
 */
public abstract class Emitter {
    /** ModRM's mod, and the number of bytes behind it (SDM volume 2A, table 2-2). */
    private static final byte DISPLACEMENT_8 = 0x41;

    private static final byte DISPLACEMENT_32 = (byte) 0x84;

    /** Forms of the displacements that slots of frames and fields of objects have, from the least byte on. */
    private static final int LEAST_DISPLACEMENT = 128;

    private static final int DISPLACEMENT_BITS = 9;
    private static final byte[] DISPLACEMENTS = displacements(false);
    private static final byte[] DISPLACEMENTS_ALWAYS = displacements(true);

    /** Whether stencils trust that their buffer is used by its thread only. */
    private static final boolean UNCHECKED = "false".equals(System.getProperty("intaglio.checks"));

    protected final CodeBuffer buffer;
    protected final Section code;
    protected final Section cold;
    protected final Section data;
    /** What stencils know that carry it on. */
    protected final Knowledge known;

    private Label[] globals;
    private String cpuNeeded = "";
    private final List<String> choices = new ArrayList<>();

    /** What the buffer calls this emitter's class, in the upper half: plain numbers, because storing references costs a barrier. */
    private final long signature;

    /** An emitter that writes to {@code buffer}. */
    @SuppressWarnings("this-escape") // the buffer asks an emitter for its sources when something goes wrong, not before
    protected Emitter(CodeBuffer buffer) {
        this.buffer = buffer;
        this.code = buffer.code();
        this.cold = buffer.cold();
        this.data = buffer.data();
        this.known = buffer.known;
        this.signature = (long) buffer.enlist(this) << 32;
    }

    // ---- the CPU

    /**
     * Refuses a CPU that lacks what the interface counts on.
     *
     * @throws UnsupportedOperationException naming what it lacks
     */
    protected final void require(String cpu) {
        List<String> missing = buffer.cpu().missing(cpu);
        if (!missing.isEmpty()) {
            throw new UnsupportedOperationException(getClass().getSimpleName() + " is written for CPUs with " + cpu
                    + ", and this one lacks " + String.join(", ", missing) + " (it is " + buffer.cpu()
                    + "); lower @Stencils(cpu = …) and offer what needs more as alternatives, or run elsewhere");
        }
        cpuNeeded = cpu;
    }

    /**
     * The number of the first text of a stencil that the CPU can run.
     *
     * @param conditions what each of them needs
     * @throws UnsupportedOperationException where it can run none
     */
    protected final int choose(String stencil, String... conditions) {
        int chosen = 0;
        while (chosen < conditions.length && !buffer.cpu().has(conditions[chosen])) {
            chosen++;
        }
        if (chosen == conditions.length) {
            throw new UnsupportedOperationException("stencil " + stencil + " of "
                    + getClass().getSimpleName()
                    + " needs a CPU with " + String.join(" or with ", conditions) + ", and this one is " + buffer.cpu()
                    + "; add a last @Stencil without cpu");
        }
        List<String> named = new ArrayList<>();
        for (String condition : conditions) {
            named.add(condition.isEmpty() ? "anywhere" : condition);
        }
        choices.add(stencil + ": " + named.get(chosen) + " of " + String.join(", ", named));
        return chosen;
    }

    /**
     * {@return which CPU the emitter counts on, which it found, and which of its stencils' alternatives it took; a line each}
     */
    public String describe() {
        StringBuilder text = new StringBuilder(getClass().getSimpleName())
                .append(" needs ")
                .append(cpuNeeded.isEmpty() ? "no particular CPU" : cpuNeeded)
                .append('\n');
        if (!cpuNeeded.isEmpty() || !choices.isEmpty()) {
            text.append("CPU: ").append(buffer.cpu()).append('\n');
        }
        choices.forEach(choice -> text.append(choice).append('\n'));
        return text.toString();
    }

    /** The stencils of this emitter, by stencil number. */
    protected abstract StencilSource[] sources();

    /** The names of the emitter's {@code ->name} labels, by index. */
    protected String[] globals() {
        return new String[0];
    }

    /** {@return the buffer this emitter writes to} */
    public final CodeBuffer buffer() {
        return buffer;
    }

    // ---- sections

    /** The section that the user named. */
    protected final Section section(String name) {
        return buffer.section(name);
    }

    /**
     * Makes room for {@code need} more bytes.
     *
     * @return the place of the first of them, good until the next call that reserves in this section
     */
    protected final long reserve(Section s, int need) {
        long p = s.next;
        return p + need <= s.end && (UNCHECKED || Thread.currentThread() == buffer.owner) ? p : buffer.reserve(s, need);
    }

    /** Says that everything before a place is emitted. */
    protected static void advance(Section s, long p) {
        s.next = p;
    }

    /** What added to a place gives the address it will have. */
    protected static long slide(Section s) {
        return s.slide;
    }

    // ---- stores

    protected static void put8(long p, long v) {
        NativeMemory.put8(p, v);
    }

    protected static void put4(long p, int v) {
        NativeMemory.put4(p, v);
    }

    protected static void put2(long p, int v) {
        NativeMemory.put2(p, (short) v);
    }

    protected static void put1(long p, int v) {
        NativeMemory.put1(p, (byte) v);
    }

    // ---- shapes

    /**
     * An instruction head with a memory operand whose displacement takes 0, 1 or 4 bytes.
     *
     * @param head prefixes, opcode, ModRM with mod 00, SIB; the base is neither rbp nor r13
     * @param headLength number of bytes of the head, at most 7
     * @param modrm index of the ModRM byte in the head
     * @return the place behind the displacement
     */
    protected static long displaced(long p, long head, int headLength, int modrm, long displacement) {
        return displaced(DISPLACEMENTS, p, head, headLength, modrm, displacement);
    }

    /** Like {@link #displaced}, but the displacement takes at least one byte: the base may be rbp or r13. */
    protected static long displacedAlways(long p, long head, int headLength, int modrm, long displacement) {
        return displaced(DISPLACEMENTS_ALWAYS, p, head, headLength, modrm, displacement);
    }

    /** A table instead of branches: which of the sizes it is cannot be predicted, that it is a small one can. */
    private static long displaced(byte[] forms, long p, long head, int headLength, int modrm, long displacement) {
        long index = displacement + LEAST_DISPLACEMENT;
        int form = index >>> DISPLACEMENT_BITS == 0 ? forms[(int) index] : DISPLACEMENT_32;
        put8(p, head | (long) (form & 0xC0) << (modrm << 3) | displacement << (headLength << 3));
        if (headLength > 4) {
            put4(p + headLength, (int) displacement);
        }
        return p + headLength + (form & 7);
    }

    private static byte[] displacements(boolean always) {
        byte[] forms = new byte[1 << DISPLACEMENT_BITS];
        for (int i = 0; i < forms.length; i++) {
            int displacement = i - LEAST_DISPLACEMENT;
            boolean isByte = displacement == (byte) displacement;
            forms[i] = displacement == 0 && !always ? 0 : isByte ? DISPLACEMENT_8 : DISPLACEMENT_32;
        }
        return forms;
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

    /** {@code mov r64, value} in the fewest bytes, where flags may be lost; {@code here} is the address that place p will have. */
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

    /** {@code mov r64, value} in the fewest bytes that leave the flags alone. */
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

    /** Fills with the fewest NOPs up to the alignment, a power of two. */
    protected static long align(long p, long slide, int alignment) {
        return Nop.fill(p, (int) -(slide + p) & alignment - 1);
    }

    /** Fills with zeros up to the alignment, a power of two. */
    protected static long alignData(long p, long slide, int alignment) {
        long end = p + (-(slide + p) & alignment - 1);
        for (long at = p; at < end; at += 8) {
            put8(at, 0);
        }
        return end;
    }

    // ---- labels

    /** Binds the label to a place in the section. */
    protected final void bind(Label label, Section s, long p, int site) {
        if (label == null) {
            throw noLabel(site);
        }
        if (label.emission == buffer.emission) {
            throw boundTwice(label, site);
        }
        label.emission = buffer.emission;
        label.address = s.slide + p;
        label.site = signed(site);
        if (s == code) {
            known.end();
            buffer.position.forget();
        }
        if (buffer.notes != null) {
            buffer.bound(label);
        }
    }

    /** {@code jmp label + offset}: two bytes when the label is bound and near, five otherwise. */
    protected final long jump(Section s, long p, Label target, long offset, int site) {
        if (target == null) {
            throw noLabel(site);
        }
        if (target.emission == buffer.emission) {
            long distance = target.address + offset - (s.slide + p);
            if (distance - 2 == (byte) (distance - 2)) {
                put2(p, 0xEB | (int) (distance - 2) << 8);
                return p + 2;
            }
            put8(p, 0xE9 | distance32(distance - 5, target, site) << 8);
            return p + 5;
        }
        if (buffer.sizes != null) {
            return sized(s, p, 0xEB, 0xE9, 1, target, offset, site);
        }
        put8(p, 0xE9);
        buffer.fixups.add(s, p + 1, Fixups.REL32, target, offset - 4, signed(site));
        return p + 5;
    }

    /** {@code jcc label + offset}; {@code condition} is the low half of the opcode. Two or six bytes. */
    protected final long branch(Section s, long p, int condition, Label target, long offset, int site) {
        if (target == null) {
            throw noLabel(site);
        }
        if (target.emission == buffer.emission) {
            long distance = target.address + offset - (s.slide + p);
            if (distance - 2 == (byte) (distance - 2)) {
                put2(p, 0x70 | condition | (int) (distance - 2) << 8);
                return p + 2;
            }
            put8(p, 0x800F | condition << 8 | distance32(distance - 6, target, site) << 16);
            return p + 6;
        }
        if (buffer.sizes != null) {
            return sized(s, p, 0x70 | condition, 0x800F | condition << 8, 2, target, offset, site);
        }
        put8(p, 0x800F | condition << 8);
        buffer.fixups.add(s, p + 2, Fixups.REL32, target, offset - 4, signed(site));
        return p + 6;
    }

    /** A forward branch of a piece whose branches get the fewest bytes. */
    private long sized(Section s, long p, int shortOpcode, int opcode, int head, Label target, long offset, int site) {
        byte size = buffer.sizes.choose(signed(site));
        long end = p;
        if (size == BranchSizes.SHORT) {
            put2(p, shortOpcode);
            buffer.fixups.add(s, p + 1, Fixups.REL8, target, offset - 1, signed(site));
            end = p + 2;
        } else if (size == BranchSizes.LONG) {
            put8(p, opcode);
            buffer.fixups.add(s, p + head, Fixups.REL32, target, offset - 4, signed(site));
            end = p + head + 4;
        }
        buffer.sizes.note(target, offset, s.slide + end);
        return end;
    }

    /** {@code call label + offset}. */
    protected final long call(Section s, long p, Label target, long offset, int site) {
        put8(p, 0xE8);
        relative(s, p + 1, 0, target, offset, site);
        return p + 5;
    }

    /** A rel32 field: the distance from its end and {@code trailing} more bytes to label + offset. */
    protected final void relative(Section s, long field, int trailing, Label target, long offset, int site) {
        if (target == null) {
            throw noLabel(site);
        }
        if (target.emission == buffer.emission) {
            long distance = target.address + offset - (s.slide + field + 4 + trailing);
            put4(field, (int) distance32(distance, target, site));
            return;
        }
        put4(field, 0);
        buffer.fixups.add(s, field, Fixups.REL32, target, offset - 4 - trailing, signed(site));
    }

    /** A rel8 field, of instructions that have no longer form. */
    protected final void relative8(Section s, long field, Label target, long offset, int site) {
        if (target == null) {
            throw noLabel(site);
        }
        if (target.emission == buffer.emission) {
            long distance = target.address + offset - (s.slide + field + 1);
            if (distance != (byte) distance) {
                throw failed(Fixups.outOfReach(quote(site), target, distance, 1));
            }
            put1(field, (int) distance);
            return;
        }
        put1(field, 0);
        buffer.fixups.add(s, field, Fixups.REL8, target, offset - 1, signed(site));
    }

    /** An 8-byte field that holds the address of label + offset. */
    protected final void absolute8(Section s, long field, Label target, long offset, int site) {
        if (target == null) {
            throw noLabel(site);
        }
        if (target.emission == buffer.emission) {
            put8(field, target.address + offset);
            return;
        }
        put8(field, 0);
        buffer.fixups.add(s, field, Fixups.ABSOLUTE, target, offset, signed(site));
    }

    /** A field of 1, 2, 4 or 8 bytes: label + offset - from; without {@code from} (null) the distance from the field. */
    protected final void distance(
            Section s, long field, int itemBytes, Label target, @Nullable Label from, long offset, int site) {
        if (target == null) {
            throw noLabel(site);
        }
        put8(field, 0);
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

    // ---- cold code that stencils share

    /** The label of a cold block of these lines with these values, which goes to a label or to none. */
    protected final Label tail(String lines, long a, long b, long c, @Nullable Label target) {
        return buffer.tails.label(lines, a, b, c, target);
    }

    /** Whether the label is not bound in this piece yet. */
    protected final boolean isNew(Label label) {
        return label.emission != buffer.emission;
    }

    // ---- the position

    /** {@code .position [base + displacement], value}. */
    protected final void setPosition(int base, long displacement, long value) {
        buffer.position.set(base, displacement, value);
    }

    /** {@code .position}. */
    protected final void forgetPosition() {
        buffer.position.forget();
    }

    /** Ways join that have written the position differently. */
    protected final void unsettlePosition() {
        buffer.position.unsettle();
    }

    /** {@code .observe} in hot code. */
    protected final long settlePosition(long p, long here, int scratch, boolean flagsDead, int site) {
        checkPosition(site);
        return buffer.position.settle(p, here, scratch, flagsDead);
    }

    /** {@code .observe} elsewhere. */
    protected final long writePosition(long p, long here, int scratch, int site) {
        checkPosition(site);
        return buffer.position.write(p, here, scratch);
    }

    /** {@code .position [base + displacement], value} and {@code .observe} elsewhere. */
    protected static long writePosition(long p, long here, int base, long displacement, long value, int scratch) {
        return Position.write(p, here, base, displacement, value, scratch);
    }

    private void checkPosition(int site) {
        if (!buffer.position.isSet()) {
            throw failed(new EmissionException(quote(site)
                    + ": the position is not known here; say `.position [slot], value` behind the label or stencil that"
                    + " made it unknown"));
        }
    }

    // ---- the frame

    /** Says that the stencil needs so many bytes of the piece's frame. */
    protected final void needFrame(long bytes, int site) {
        if (bytes < 0 || bytes > Frame.LARGEST) {
            throw failed(new EmissionException(
                    quote(site) + ": a frame has 0 to " + Frame.LARGEST + " bytes, not " + bytes));
        }
        buffer.frame.need((int) bytes);
    }

    /** {@code .enter}: eleven bytes that make the frame. */
    protected final long enterFrame(Section s, long p) {
        return buffer.frame.enter(s, p);
    }

    /** {@code .leave}: a byte that takes the frame down. */
    protected final long leaveFrame(Section s, long p) {
        return buffer.frame.leave(s, p);
    }

    /** {@code .leave} and {@code jmp address}: a piece there that needs no larger frame takes this one over. */
    protected final long leaveFrameFor(Section s, long p, long address, int site) {
        Frame.Made other = buffer.frameAt(address);
        if (other == Frame.Made.NOTHING || !buffer.reaches(address)) {
            return jumpAddress(s, leaveFrame(s, p), address, site);
        }
        refer(address, site);
        long jump = buffer.frame.leaveFor(other, s, p);
        put8(jump, 0xE9 | (address - (s.slide + jump + 5)) << 8);
        return jump + 5;
    }

    // ---- absolute addresses

    /** {@code call address}: five bytes when the whole cache reaches it, through a pool slot otherwise. */
    protected final long callAddress(Section s, long p, long address, int site) {
        if (buffer.reaches(address)) {
            refer(address, site);
            put8(p, 0xE8 | (address - (s.slide + p + 5)) << 8);
            return p + 5;
        }
        return callAddressPooled(s, p, address, site);
    }

    /** {@code call [pool slot of address]}. */
    protected final long callAddressPooled(Section s, long p, long address, int site) {
        refer(address, site);
        put8(p, 0x15FF | (buffer.pool(address) - (s.slide + p + 6)) << 16);
        return p + 6;
    }

    /** {@code jmp address}: like {@link #callAddress}, and two bytes when it is very near. */
    protected final long jumpAddress(Section s, long p, long address, int site) {
        if (buffer.reaches(address)) {
            refer(address, site);
            long distance = address - (s.slide + p + 2);
            if (distance == (byte) distance) {
                put2(p, 0xEB | (int) distance << 8);
                return p + 2;
            }
            put8(p, 0xE9 | (distance - 3) << 8);
            return p + 5;
        }
        return jumpAddressPooled(s, p, address, site);
    }

    /** {@code jmp [pool slot of address]}. */
    protected final long jumpAddressPooled(Section s, long p, long address, int site) {
        refer(address, site);
        put8(p, 0x25FF | (buffer.pool(address) - (s.slide + p + 6)) << 16);
        return p + 6;
    }

    /** {@code jcc address}; out of reach it goes to a jump that all such branches of the piece share. */
    protected final long branchAddress(Section s, long p, int condition, long address, int site) {
        if (buffer.reaches(address)) {
            refer(address, site);
            put8(p, 0x800F | condition << 8 | (address - (s.slide + p + 6)) << 16);
            return p + 6;
        }
        put8(p, 0x800F | condition << 8);
        buffer.fixups.add(s, p + 2, Fixups.REL32, buffer.exitTo(address), -4, signed(site));
        return p + 6;
    }

    /** The opposite branch over {@code jmp [pool slot of address]}. */
    protected final long branchAddressPooled(Section s, long p, int condition, long address, int site) {
        refer(address, site);
        put2(p, 0x0670 | condition ^ 1);
        put8(p + 2, 0x25FF | (buffer.pool(address) - (s.slide + p + 8)) << 16);
        return p + 8;
    }

    /** A rel32 field that holds the distance to an address; there is no other form, so out of reach is an error. */
    protected final void relativeAddress(Section s, long field, int trailing, long address, int site) {
        long distance = address - (s.slide + field + 4 + trailing);
        if (distance != (int) distance) {
            throw failed(new EmissionException(quote(site) + ": address 0x" + Long.toHexString(address)
                    + " is out of the reach of 32 bits from the code at 0x" + Long.toHexString(s.slide + field)
                    + "; load the address into a register first, or name it when the cache is made:"
                    + " CodeCache.options().near(address)"));
        }
        refer(address, site);
        put4(field, (int) distance);
    }

    /** Has the piece keep the one in which the address lies. */
    private void refer(long address, int site) {
        if (!buffer.refer(address)) {
            throw failed(new EmissionException(quote(site) + ": nothing lies at address 0x" + Long.toHexString(address)
                    + " of the code cache any more; keep code open, or another piece that refers to it, as long as its"
                    + " address is emitted"));
        }
    }

    // ---- patch sites

    /** A branch to label + offset whose distance is patched; {@code opcode} has one or two bytes, the first lowest. */
    protected final long patchBranch(
            Section s, long p, PatchSite site, int opcode, Label target, long offset, int where) {
        long field = patchOpcode(s, p, site, opcode, where);
        relative(s, field, 0, target, offset, where);
        return field + 4;
    }

    /** A branch to an address whose distance is patched; the address must be in reach. */
    protected final long patchBranchAddress(Section s, long p, PatchSite site, int opcode, long address, int where) {
        long field = patchOpcode(s, p, site, opcode, where);
        relativeAddress(s, field, 0, address, where);
        return field + 4;
    }

    /** {@code mov register, value} with a constant of 4 or 8 bytes that is patched. */
    protected final long patchConstant(
            Section s, long p, PatchSite site, int register, int width, long value, int where) {
        int rex = (width == 8 ? 0x48 : 0x40) | register >> 3;
        long field = mark(s, p, site, 2, width, where);
        put2(field - 2, 0xB800 | (register & 7) << 8 | rex);
        put8(field, value);
        buffer.marked(site, field + s.slide, width, false);
        return field + width;
    }

    private long patchOpcode(Section s, long p, PatchSite site, int opcode, int where) {
        int head = opcode > 0xff ? 2 : 1;
        long field = mark(s, p, site, head, 4, where);
        put2(field - head, opcode);
        buffer.marked(site, field + s.slide, 4, true);
        return field;
    }

    /** The place of a field behind {@code head} bytes that lies within eight aligned bytes; NOPs fill what is before. */
    private long mark(Section s, long p, PatchSite site, int head, int width, int where) {
        if (site.emission == buffer.emission) {
            throw failed(new EmissionException(
                    quote(where) + ": " + site + " is in this piece already; each place needs a site of its own"));
        }
        int within = (int) (s.slide + p + head) & 7;
        return Nop.fill(p, within + width > 8 ? 8 - within : 0) + head;
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

    /** Refuses one register for two operands that must differ: the processor raises #UD where they do not. */
    protected final void checkDifferent(int site, String operand, long number, long other) {
        if (number == other) {
            throw new EmissionException(quote(site) + ": " + operand + " has register number " + number
                    + ", which another operand has too: the processor refuses one register for both");
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
        String why = switch (operand) {
            case "index register" ->
                " (rsp), which cannot be an index; make it the base, or copy it to another register first";
            case "mask register" -> " (k0), which means no mask; write the line without one for that";
            default -> ", which the processor refuses there";
        };
        return new EmissionException(quote(site) + ": " + operand + " has register number " + number + why);
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

    /** How far the emission is, for {@link #halted}: bytes and fields that wait for labels. */
    protected final int emitted() {
        return buffer.size() + buffer.fixups.count();
    }

    /** A stencil is left by an exception: where it has emitted something, the piece is good for a reset only. */
    protected final void halted(int before, Throwable thrown) {
        if (emitted() != before) {
            buffer.spoil(thrown);
        }
    }

    private EmissionException noLabel(int site) {
        return failed(new EmissionException(quote(site) + ": the label is null"));
    }

    /** The exception of a stencil that has stored something already: the piece is good for a reset only. */
    private <T extends RuntimeException> T failed(T exception) {
        buffer.spoil(exception);
        return exception;
    }

    /** A site together with who speaks of it. */
    private long signed(int site) {
        return signature | site;
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
     * @param starts pairs of line index and place, in the order of emission
     * @param arguments the stencil's arguments
     * @param operands the values for {@code {0}}, {@code {1}}… in the lines' texts
     */
    protected final void record(int stencil, long[] starts, Object[] arguments, long[] operands) {
        StencilSource source = sources()[stencil];
        int[] positions = new int[starts.length];
        for (int i = 0; i < starts.length; i += 2) {
            positions[i] = (int) starts[i];
            Section section = buffer.section(source.lines()[positions[i]].section());
            positions[i + 1] = section.position(starts[i + 1]);
        }
        buffer.notes.add(new EmissionNote(source, positions, arguments, operands));
    }
}
