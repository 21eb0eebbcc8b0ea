package dev.intaglio.runtime;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The one frame of a piece: the stencils say what they need of it, and once all are emitted the places that make it or take it
 * down are settled.
 */
final class Frame {
    /** No stencil needs a frame. */
    static final int NONE = -1;

    static final int LARGEST = 1 << 20;
    /** {@code push rbp; mov rbp, rsp; sub rsp, imm32}. */
    static final int ENTER_BYTES = 11;

    private static final int ENTER_FIELD = 7;
    private static final int ALIGNMENT = 16; // System V ABI, 3.2.2
    private static final int LEAVE = 0xC9;
    private static final int NOP = 0x90;

    /** What a place is: it makes the frame, takes it down, or takes it down and jumps to another piece. */
    private static final int MAKES = 0;

    private static final int TAKES_DOWN = 1;
    private static final int GOES_ON = 2;

    /**
     * The frame of a committed piece.
     *
     * @param bytes {@link #NONE} where it makes none
     * @param inside the address behind what makes it; 0 where that is not what the piece begins with
     */
    record Made(int bytes, long inside) {
        static final Made NOTHING = new Made(NONE, 0);

        /** Whether a piece whose frame has so many bytes may jump behind what makes this one, and leave its own as it is. */
        boolean fits(int other) {
            return inside != 0 && bytes != NONE && bytes <= other;
        }
    }

    private int need = NONE;
    /** Whose stencil is the neediest, and its line. */
    private @Nullable Emitter needy;

    private int site;
    private int count;
    /** Place, then section number, then what it is. */
    private long[] places = new long[8];

    private Made[] others = new Made[8];

    /** A line of the present piece needs so many bytes. */
    void need(int bytes, Emitter emitter, int line) {
        if (bytes > need) {
            need = bytes;
            needy = emitter;
            site = line;
        }
    }

    /** The bytes of the frame, so that rsp is aligned for calls. */
    int bytes() {
        return need == NONE ? NONE : need + ALIGNMENT - 1 & -ALIGNMENT;
    }

    /** Leaves room for what makes the frame. */
    long enter(Section s, long p) {
        note(MAKES, s, p, Made.NOTHING);
        return p + ENTER_BYTES;
    }

    /** Writes what takes it down. */
    long leave(Section s, long p) {
        note(TAKES_DOWN, s, p, Made.NOTHING);
        Shapes.put1(p, LEAVE);
        return p + 1;
    }

    /** Writes what takes it down before a jump of five bytes to another piece. */
    long leaveFor(Made other, Section s, long p) {
        note(GOES_ON, s, p, other);
        Shapes.put1(p, LEAVE);
        return p + 1;
    }

    /** How many places there are. */
    int count() {
        return count;
    }

    private void note(int what, Section s, long p, Made other) {
        if (count == places.length) {
            places = Arrays.copyOf(places, count * 2);
            others = Arrays.copyOf(others, count * 2);
        }
        places[count] = s.position(p) | (long) s.number << 32 | (long) what << 48;
        others[count++] = other;
    }

    /** Settles all places: a piece that was linked may go on, need a frame after all, and be linked again. */
    void resolve(List<Section> sections) {
        int bytes = bytes();
        if (bytes != NONE && !isMade()) { // it would write to its caller's
            throw new LinkException(Objects.requireNonNull(needy).quote(site)
                    + ": it needs a frame of " + need
                    + " bytes, and no stencil of this piece makes one; emit one that says `.enter` first");
        }
        for (int n = 0; n < count; n++) {
            Section s = sections.get((int) (places[n] >> 32) & 0xffff);
            long p = s.place((int) places[n]);
            switch ((int) (places[n] >> 48)) {
                case MAKES -> {
                    if (bytes == NONE) {
                        Shapes.put8(p, 0x0000_0000_0084_1F0FL); // NOPs of 8 and 3 bytes, and no byte more
                        Shapes.put2(p + 8, 0x1F0F);
                        Shapes.put1(p + 10, 0);
                    } else {
                        Shapes.put8(p, 0x00EC_8148_E589_4855L);
                        Shapes.put4(p + ENTER_FIELD, bytes);
                    }
                }
                case TAKES_DOWN -> Shapes.put1(p, bytes == NONE ? NOP : LEAVE);
                default -> goOn(others[n], s, p, bytes);
            }
        }
    }

    private boolean isMade() {
        for (int n = 0; n < count; n++) {
            if ((int) (places[n] >> 48) == MAKES) {
                return true;
            }
        }
        return false;
    }

    private static void goOn(Made other, Section s, long p, int bytes) {
        Shapes.put1(p, bytes == NONE || other.fits(bytes) ? NOP : LEAVE);
        if (other.fits(bytes)) {
            Shapes.put4(p + 2, (int) (other.inside() - (s.slide + p + 6)));
        }
    }

    /** The frame of the piece whose hot code is in this section. */
    Made made(Section code) {
        boolean first = false;
        for (int n = 0; n < count; n++) {
            first |= places[n] == ((long) code.number << 32 | (long) MAKES << 48);
        }
        return bytes() == NONE ? Made.NOTHING : new Made(bytes(), first ? code.base() + ENTER_BYTES : 0);
    }

    void clear() {
        need = NONE;
        Arrays.fill(others, 0, count, null);
        count = 0;
    }
}
