package dev.intaglio.runtime;

import java.util.Arrays;

/** The fields of a piece that wait for a label: parallel arrays, so that noting one allocates nothing. */
final class Fixups {
    static final int REL8 = 0;
    static final int REL32 = 1;
    static final int ABSOLUTE = 2;
    /** Distances; the low four bits hold the width in bytes. */
    private static final int FROM_FIELD = 0x10;

    private static final int FROM_LABEL = 0x20;

    private int count;
    private int[] kinds = new int[64];
    private int[] fields = new int[64];
    private int[] sites = new int[64];
    private long[] addends = new long[64];
    private Section[] sections = new Section[64];
    private Label[] targets = new Label[64];
    private Label[] froms = new Label[64];
    private Emitter[] emitters = new Emitter[64];

    int count() {
        return count;
    }

    void clear() {
        count = 0;
    }

    void add(Section s, int field, int kind, Label target, long addend, Emitter emitter, int site) {
        int n = count;
        if (n == kinds.length) {
            grow();
        }
        kinds[n] = kind;
        fields[n] = field;
        sites[n] = site;
        addends[n] = addend;
        sections[n] = s;
        targets[n] = target;
        emitters[n] = emitter;
        count = n + 1;
    }

    void addDistance(
            Section s, int field, int width, Label target, Label from, long addend, Emitter emitter, int site) {
        if (width != 1 && width != 2 && width != 4 && width != 8) {
            throw new IllegalArgumentException("a distance has 1, 2, 4 or 8 bytes, not " + width);
        }
        add(s, field, (from == null ? FROM_FIELD : FROM_LABEL) | width, target, addend, emitter, site);
        froms[count - 1] = from;
    }

    private void grow() {
        int size = count * 2;
        kinds = Arrays.copyOf(kinds, size);
        fields = Arrays.copyOf(fields, size);
        sites = Arrays.copyOf(sites, size);
        addends = Arrays.copyOf(addends, size);
        sections = Arrays.copyOf(sections, size);
        targets = Arrays.copyOf(targets, size);
        froms = Arrays.copyOf(froms, size);
        emitters = Arrays.copyOf(emitters, size);
    }

    /** Patches all fields; every label must be bound in this emission. */
    void resolve(long emission) {
        for (int n = 0; n < count; n++) {
            Label target = targets[n];
            if (target.emission != emission) {
                throw unbound(n, target);
            }
            Section s = sections[n];
            byte[] b = s.bytes;
            int field = fields[n];
            long value = target.address + addends[n];
            switch (kinds[n]) {
                case REL32 -> {
                    value -= s.base + field;
                    if (value != (int) value) {
                        throw outOfReach(emitters[n], sites[n], target, value, 4);
                    }
                    Emitter.put4(b, field, (int) value);
                }
                case REL8 -> {
                    value -= s.base + field;
                    if (value != (byte) value) {
                        throw outOfReach(emitters[n], sites[n], target, value, 1);
                    }
                    b[field] = (byte) value;
                }
                case ABSOLUTE -> Emitter.put8(b, field, value);
                default -> resolveDistance(n, emission, value);
            }
        }
    }

    private void resolveDistance(int n, long emission, long address) {
        long from = sections[n].base + fields[n];
        if ((kinds[n] & FROM_LABEL) != 0) {
            if (froms[n].emission != emission) {
                throw unbound(n, froms[n]);
            }
            from = froms[n].address;
        }
        int width = kinds[n] & 0xf;
        long value = address - from;
        if (width < 8 && value << 64 - 8 * width >> 64 - 8 * width != value) {
            throw outOfReach(emitters[n], sites[n], targets[n], value, width);
        }
        byte[] b = sections[n].bytes;
        switch (width) {
            case 1 -> Emitter.put1(b, fields[n], (int) value);
            case 2 -> Emitter.put2(b, fields[n], (int) value);
            case 4 -> Emitter.put4(b, fields[n], (int) value);
            default -> Emitter.put8(b, fields[n], value);
        }
    }

    static void clear(byte[] b, int field, int width) {
        Arrays.fill(b, field, field + width, (byte) 0);
    }

    private LinkException unbound(int n, Label label) {
        String earlier = label.emission == 0
                ? "bind it with `=>label:` in a stencil of this piece before commit"
                : "it was bound in another piece; to reach that one, pass label.address() as a long";
        return new LinkException(emitters[n].quote(sites[n]) + ": " + label + " is not bound; " + earlier);
    }

    static LinkException outOfReach(Emitter emitter, int site, Label target, long distance, int bytes) {
        return new LinkException(emitter.quote(site) + ": " + target + " is " + distance
                + " bytes away, out of the reach of " + (bytes == 1 ? "a 1-byte field" : "a " + bytes + "-byte field"));
    }
}
