package dev.intaglio.runtime;

import java.util.Arrays;
import java.util.List;

/** The fields of a piece that wait for a label: parallel arrays, so that noting one allocates nothing. */
final class Fixups {
    static final int REL8 = 0;
    static final int REL32 = 1;
    static final int ABSOLUTE = 2;
    /** Distances; the low four bits hold the width in bytes. */
    private static final int FROM_FIELD = 0x10;

    private static final int FROM_LABEL = 0x20;

    /** What a trace of a thousand stencils needs, so that a first one need not grow. */
    private static final int FIRST = 256;

    private final List<Section> sections;
    private final List<Emitter> emitters;

    private int count;
    /** Field, then section number, then kind. */
    private long[] places = new long[FIRST];

    private long[] addends = new long[FIRST];
    private Label[] targets = new Label[FIRST];
    private Label[] froms = new Label[FIRST];
    /** The lines, as {@link Sites#signed} gives them. */
    private long[] sites = new long[FIRST];

    /** For fields of these sections; messages take their lines from these emitters. */
    Fixups(List<Section> sections, List<Emitter> emitters) {
        this.sections = sections;
        this.emitters = emitters;
    }

    int count() {
        return count;
    }

    void clear() {
        count = 0;
    }

    void add(Section s, long field, int kind, Label target, long addend, long site) {
        int n = count;
        if (n == places.length) {
            grow();
        }
        places[n] = s.position(field) | (long) s.number << 32 | (long) kind << 48;
        addends[n] = addend;
        targets[n] = target;
        sites[n] = site;
        count = n + 1;
    }

    void addDistance(Section s, long field, int width, Label target, Label from, long addend, long site) {
        if (width != 1 && width != 2 && width != 4 && width != 8) {
            throw new IllegalArgumentException("a distance has 1, 2, 4 or 8 bytes, not " + width);
        }
        add(s, field, (from == null ? FROM_FIELD : FROM_LABEL) | width, target, addend, site);
        froms[count - 1] = from;
    }

    private void grow() {
        int size = count * 2;
        places = Arrays.copyOf(places, size);
        addends = Arrays.copyOf(addends, size);
        targets = Arrays.copyOf(targets, size);
        froms = Arrays.copyOf(froms, size);
        sites = Arrays.copyOf(sites, size);
    }

    /** Patches all fields; every label must be bound in this emission. */
    void resolve(long emission) {
        for (int n = 0; n < count; n++) {
            Label target = targets[n];
            if (target.emission != emission) {
                throw unbound(n, target);
            }
            long place = places[n];
            Section s = sections.get((int) (place >> 32) & 0xffff);
            long field = s.place((int) place);
            long value = target.address + addends[n];
            switch ((int) (place >> 48)) {
                case REL32 -> {
                    value -= s.slide + field;
                    if (value != (int) value) {
                        throw outOfReach(quote(sites[n]), target, value, 4);
                    }
                    Emitter.put4(field, (int) value);
                }
                case REL8 -> {
                    value -= s.slide + field;
                    if (value != (byte) value) {
                        throw outOfReach(quote(sites[n]), target, value, 1);
                    }
                    Emitter.put1(field, (int) value);
                }
                case ABSOLUTE -> Emitter.put8(field, value);
                default -> resolveDistance(n, emission, s, field, value);
            }
        }
    }

    private void resolveDistance(int n, long emission, Section s, long field, long address) {
        int kind = (int) (places[n] >> 48);
        long from = s.slide + field;
        if ((kind & FROM_LABEL) != 0) {
            if (froms[n].emission != emission) {
                throw unbound(n, froms[n]);
            }
            from = froms[n].address;
        }
        int width = kind & 0xf;
        long value = address - from;
        if (width < 8 && value << 64 - 8 * width >> 64 - 8 * width != value) {
            throw outOfReach(quote(sites[n]), targets[n], value, width);
        }
        switch (width) {
            case 1 -> Emitter.put1(field, (int) value);
            case 2 -> Emitter.put2(field, (int) value);
            case 4 -> Emitter.put4(field, (int) value);
            default -> Emitter.put8(field, value);
        }
    }

    /** The place and the text of a line that {@link Sites#signed} gave. */
    String quote(long site) {
        return emitters.get((int) (site >>> 32) - 1).quote((int) site);
    }

    private LinkException unbound(int n, Label label) {
        String earlier = label.emission == 0
                ? "bind it before commit: emit the stencil of this piece that has `=>label:`, or `->name:`"
                : "it was bound in another piece; to reach that one, pass label.address() as a long";
        return new LinkException(quote(sites[n]) + ": " + label + " is not bound; " + earlier);
    }

    static LinkException outOfReach(String quote, Label target, long distance, int bytes) {
        return new LinkException(quote + ": " + target + " is " + distance + " bytes away, out of the reach of "
                + (bytes == 1 ? "a 1-byte field" : "a " + bytes + "-byte field"));
    }
}
