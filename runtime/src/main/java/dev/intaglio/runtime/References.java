package dev.intaglio.runtime;

import org.jspecify.annotations.Nullable;

/**
 * Labels, and what goes to them or to addresses: branches, calls, fields that hold distances, sites that are patched. References
 * back and to addresses are final when they are written; those forward to a label wait for the link ({@link Fixups}).
 */
abstract class References extends Sites {
    /** Why there can be no code at such an address. */
    static final String FIRST_PAGE =
            "it is in the first page, which is not mapped; was the function found whose address this is?";

    private static final int PAGE = 4096;

    private Label[] globals;

    References(CodeBuffer buffer) {
        super(buffer);
    }

    // ---- labels

    /** {@return the names of the emitter's {@code ->name} labels, by the index that {@link #global} takes; none unless overridden} */
    protected String[] globals() {
        return new String[0];
    }

    /**
     * Binds a label to a place. In hot code that ends what is known, and the position, since control may come from elsewhere: both compare
     * the number of labels bound.
     *
     * @param label the label
     * @param s the section
     * @param p the place; nothing is stored there
     * @param site the line, for messages
     * @throws EmissionException where the label is null or bound in this piece already
     */
    protected final void bind(Label label, Section s, long p, int site) {
        bindNear(label, s, p, site);
        if (buffer.notes != null) {
            buffer.notes.bind(label);
        }
    }

    /**
     * The same where {@link #listed} is 0.
     *
     * @param label the label
     * @param s the section
     * @param p the place; nothing is stored there
     * @param site the line, for messages
     * @throws EmissionException where the label is null or bound in this piece already
     */
    protected final void bindNear(Label label, Section s, long p, int site) {
        if (label == null) {
            throw noLabel(site);
        }
        if (label.emission == buffer.emission) {
            throw boundTwice(label, site);
        }
        label.emission = buffer.emission;
        label.address = s.slide + p;
        label.site = signed(site);
        s.bound++;
    }

    /**
     * {@return the place behind {@code jmp label + offset}: two bytes when the label is bound and near, five otherwise}
     *
     * @param s the section
     * @param p the place of the first byte
     * @param target the label, bound or not
     * @param offset bytes from the label on
     * @param site the line, for messages
     */
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

    /**
     * {@return the place behind {@code jcc label + offset}: two bytes when the label is bound and near, six otherwise}
     *
     * @param s the section
     * @param p the place of the first byte
     * @param condition the low half of the opcode, 0 to 15 (SDM volume 1, table B-1)
     * @param target the label, bound or not
     * @param offset bytes from the label on
     * @param site the line, for messages
     */
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

    /**
     * {@return the place behind {@code call label + offset}, five bytes}
     *
     * @param s the section
     * @param p the place of the first byte
     * @param target the label, bound or not
     * @param offset bytes from the label on
     * @param site the line, for messages
     */
    protected final long call(Section s, long p, Label target, long offset, int site) {
        put8(p, 0xE8);
        relative(s, p + 1, 0, target, offset, site);
        return p + 5;
    }

    /**
     * Stores a rel32 field: the distance from the instruction's end to label + offset.
     *
     * @param s the section
     * @param field the place of the field's first byte
     * @param trailing bytes between the field's end and the instruction's: those of an immediate
     * @param target the label, bound or not
     * @param offset bytes from the label on
     * @param site the line, for messages
     */
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

    /**
     * Stores a rel8 field, with which the instruction ends, of those that have no longer form (loop, jrcxz).
     *
     * @param s the section
     * @param field the place of the field
     * @param target the label, bound or not
     * @param offset bytes from the label on
     * @param site the line, for messages
     */
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

    /**
     * Stores a field of 8 bytes: the address of label + offset.
     *
     * @param s the section
     * @param field the place of the field's first byte
     * @param target the label, bound or not
     * @param offset bytes from the label on
     * @param site the line, for messages
     */
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

    /**
     * Stores a field with sign that will hold the distance label + offset - from; it is known when the piece is linked.
     *
     * @param s the section
     * @param field the place of the field's first byte
     * @param itemBytes the field's bytes: 1, 2, 4 or 8
     * @param target the label, bound or not
     * @param from another label, bound or not, in any section; null: the field's own first byte
     * @param offset bytes from the label on
     * @param site the line, for messages
     */
    protected final void distance(
            Section s, long field, int itemBytes, Label target, @Nullable Label from, long offset, int site) {
        if (target == null) {
            throw noLabel(site);
        }
        put8(field, 0);
        buffer.fixups.addDistance(s, field, itemBytes, target, from, offset, signed(site));
    }

    /**
     * {@return the emitter's own {@code ->name} label, the same for all pieces}
     *
     * @param index its place among {@link #globals()}
     */
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

    private EmissionException boundTwice(Label label, int site) {
        return failed(
                new EmissionException(
                        quote(site) + ": " + label + " is already bound, by " + buffer.fixups.quote(label.site)
                                + "; a label is bound once in a piece, so make a new one, or emit a stencil with `->name:` once"));
    }

    private EmissionException noLabel(int site) {
        return failed(new EmissionException(quote(site) + ": the label is null"));
    }

    private long distance32(long distance, Label target, int site) {
        if (distance != (int) distance) {
            throw failed(Fixups.outOfReach(quote(site), target, distance, 4));
        }
        return distance;
    }

    // ---- absolute addresses

    /**
     * {@return 0 for an address that all code of the cache reaches and that lies outside of it, as those of most functions do, if no listing is
     * wanted} It is something else for some such addresses, those above the cache.
     *
     * @param address what is called or jumped to
     */
    protected final long special(long address) {
        return buffer.special(address);
    }

    /**
     * {@return the place behind {@code call address}: five bytes if the whole cache reaches it, six through a pool slot otherwise}
     *
     * @param s the section
     * @param p the place of the first byte
     * @param address what is called
     * @param site the line, for messages
     */
    protected final long callAddress(Section s, long p, long address, int site) {
        if (buffer.reaches(address)) {
            refer(address, site);
            return callNear(s, p, address);
        }
        return callAddressPooled(s, p, address, site);
    }

    /**
     * {@return the place behind {@code call [pool slot of address]}, six bytes}
     *
     * @param s the section
     * @param p the place of the first byte
     * @param address what is called
     * @param site the line, for messages
     */
    protected final long callAddressPooled(Section s, long p, long address, int site) {
        referFar(address, site);
        put8(p, 0x15FF | (buffer.pool(address) - (s.slide + p + 6)) << 16);
        return p + 6;
    }

    /**
     * {@return the place behind {@code jmp address}: as {@link #callAddress}, but two bytes when it is very near}
     *
     * @param s the section
     * @param p the place of the first byte
     * @param address where the jump goes
     * @param site the line, for messages
     */
    protected final long jumpAddress(Section s, long p, long address, int site) {
        if (buffer.reaches(address)) {
            refer(address, site);
            long distance = address - (s.slide + p + 2);
            if (distance == (byte) distance) {
                put2(p, 0xEB | (int) distance << 8);
                return p + 2;
            }
            return jumpNear(s, p, address);
        }
        return jumpAddressPooled(s, p, address, site);
    }

    /**
     * {@return the place behind {@code jmp [pool slot of address]}, six bytes}
     *
     * @param s the section
     * @param p the place of the first byte
     * @param address where the jump goes
     * @param site the line, for messages
     */
    protected final long jumpAddressPooled(Section s, long p, long address, int site) {
        referFar(address, site);
        put8(p, 0x25FF | (buffer.pool(address) - (s.slide + p + 6)) << 16);
        return p + 6;
    }

    /**
     * {@return the place behind {@code jcc address}, six bytes; out of reach it goes to a jump that the piece's branches share}
     *
     * @param s the section
     * @param p the place of the first byte
     * @param condition the low half of the opcode, 0 to 15
     * @param address where the branch goes
     * @param site the line, for messages
     */
    protected final long branchAddress(Section s, long p, int condition, long address, int site) {
        if (buffer.reaches(address)) {
            refer(address, site);
            return branchNear(s, p, condition, address);
        }
        checkFar(address, site);
        put8(p, 0x800F | condition << 8);
        buffer.fixups.add(s, p + 2, Fixups.REL32, buffer.exitTo(address), -4, signed(site));
        return p + 6;
    }

    /**
     * {@return the place behind the opposite branch over {@code jmp [pool slot of address]}, eight bytes}
     *
     * @param s the section
     * @param p the place of the first byte
     * @param condition the low half of the opcode of {@code jcc address}, 0 to 15
     * @param address where the branch goes
     * @param site the line, for messages
     */
    protected final long branchAddressPooled(Section s, long p, int condition, long address, int site) {
        referFar(address, site);
        put2(p, 0x0670 | condition ^ 1);
        put8(p + 2, 0x25FF | (buffer.pool(address) - (s.slide + p + 8)) << 16);
        return p + 8;
    }

    /**
     * Stores a rel32 field: the distance from the instruction's end to an address. There is no other form.
     *
     * @param s the section
     * @param field the place of the field's first byte
     * @param trailing bytes between the field's end and the instruction's: those of an immediate
     * @param address what is addressed
     * @param site the line, for messages
     * @throws EmissionException where it is out of reach
     */
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

    /** Refuses what cannot be code: null and small numbers, such as the address of a function that was not found. */
    private void checkFar(long address, int site) {
        if (isInFirstPage(address)) {
            throw failed(new EmissionException(
                    quote(site) + ": there can be no code at address " + address + ": " + FIRST_PAGE));
        }
    }

    static boolean isInFirstPage(long address) {
        return (address & -PAGE) == 0;
    }

    /** The same as {@link #refer} for an address out of reach. */
    private void referFar(long address, int site) {
        checkFar(address, site);
        refer(address, site);
    }

    /** Has the piece keep the one in which the address lies. */
    final void refer(long address, int site) {
        if (!buffer.refer(address)) {
            throw failed(new EmissionException(quote(site) + ": no piece lies at address 0x" + Long.toHexString(address)
                    + " of the code cache, or none any more; keep code open, or another piece that refers to it, as long as its"
                    + " address is emitted"));
        }
    }

    // ---- patch sites

    /**
     * {@return the place behind a branch to label + offset whose distance is patched}
     *
     * @param s the section
     * @param p the place of the opcode, or of the NOPs that lay the field into eight aligned bytes (SDM volume 3, 9.1.1)
     * @param site what patches it
     * @param opcode one or two bytes, the first lowest
     * @param target the label, bound or not
     * @param offset bytes from the label on
     * @param where the line, for messages
     * @throws EmissionException where the site is in this piece already
     */
    protected final long patchBranch(
            Section s, long p, PatchSite site, int opcode, Label target, long offset, int where) {
        long field = patchOpcode(s, p, site, opcode, where);
        relative(s, field, 0, target, offset, where);
        return field + 4;
    }

    /**
     * {@return the place behind a branch to an address whose distance is patched}
     *
     * @param s the section
     * @param p the place of the opcode, or of the NOPs that lay the field into eight aligned bytes (SDM volume 3, 9.1.1)
     * @param site what patches it
     * @param opcode one or two bytes, the first lowest
     * @param address where the branch goes
     * @param where the line, for messages
     * @throws EmissionException where the site is in this piece already, or the address out of reach
     */
    protected final long patchBranchAddress(Section s, long p, PatchSite site, int opcode, long address, int where) {
        long field = patchOpcode(s, p, site, opcode, where);
        relativeAddress(s, field, 0, address, where);
        return field + 4;
    }

    /**
     * {@return the place behind {@code mov register, value} with a constant that is patched}
     *
     * @param s the section
     * @param p the place of the opcode, or of the NOPs that lay the field into eight aligned bytes (SDM volume 3, 9.1.1)
     * @param site what patches it
     * @param register a register's number, 0 to 15
     * @param width bytes of the register and the constant: 4 or 8
     * @param value the constant; of 4 bytes the low 32 bits
     * @param where the line, for messages
     * @throws EmissionException where the site is in this piece already
     */
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
        if (site == null) {
            throw failed(new EmissionException(quote(where) + ": the patch site is null"));
        }
        if (site.emission == buffer.emission) {
            throw failed(new EmissionException(
                    quote(where) + ": " + site + " is in this piece already; each place needs a site of its own"));
        }
        int within = (int) (s.slide + p + head) & 7;
        return Nop.fill(p, within + width > 8 ? 8 - within : 0) + head;
    }
}
