package dev.intaglio.runtime;

import java.util.Arrays;

/**
 * The sizes of forward branches while one piece is emitted again and again: all begin long, and whichever is seen to reach its
 * target in fewer bytes has fewer the next time. Shorter branches bring others nearer, so this goes on until nothing changes.
 *
 * <p>Code between a branch and its target only shrinks, but the filling of an alignment may grow: a branch that no longer
 * reaches is given its larger form for good, so that there is an end. Emissions are compared branch by branch, since the
 * client repeats them.
 */
final class BranchSizes {
    /** The branch goes to what follows it anyway. */
    static final byte NONE = 0;
    /** Two bytes, a distance of one. */
    static final byte SHORT = 1;
    /** A distance of four bytes. */
    static final byte LONG = 2;

    private byte[] sizes = new byte[64];
    /** No smaller size may be chosen. */
    private byte[] least = new byte[64];

    private Label[] targets = new Label[64];
    private long[] addends = new long[64];
    /** The addresses behind the branches. */
    private long[] ends = new long[64];

    private long[] sites = new long[64];
    private int known;
    private int next;
    private boolean repeated;

    /** The piece is emitted once more. */
    void begin() {
        next = 0;
    }

    /** The size of the next branch, which comes from a site; {@link #note} must follow. */
    byte choose(long site) {
        if (next == known) {
            if (repeated) {
                throw notTheSame();
            }
            if (known == sizes.length) {
                grow();
            }
            sizes[known] = LONG;
            least[known] = NONE;
            sites[known] = site;
            known++;
        }
        if (sites[next] != site) {
            throw notTheSame();
        }
        return sizes[next];
    }

    private void grow() {
        int size = known * 2;
        sizes = Arrays.copyOf(sizes, size);
        least = Arrays.copyOf(least, size);
        targets = Arrays.copyOf(targets, size);
        addends = Arrays.copyOf(addends, size);
        ends = Arrays.copyOf(ends, size);
        sites = Arrays.copyOf(sites, size);
    }

    /** Where the branch that was chosen ends, and where it goes: {@code target + addend}. */
    void note(Label target, long addend, long end) {
        targets[next] = target;
        addends[next] = addend;
        ends[next] = end;
        next++;
    }

    /**
     * Chooses sizes by what was emitted; false when they are as they were. Labels that are not bound are the linker's, to whom only a
     * branch of some bytes tells of them.
     */
    boolean change(long emission) {
        if (next != known) {
            throw notTheSame();
        }
        repeated = true;
        boolean changed = false;
        for (int n = 0; n < known; n++) {
            boolean isBound = targets[n].emission == emission;
            byte size = isBound ? fitting(targets[n].address + addends[n] - ends[n]) : LONG;
            if (size > sizes[n]) {
                least[n] = size;
            }
            size = (byte) Math.max(size, least[n]);
            changed |= size != sizes[n];
            sizes[n] = size;
        }
        return changed;
    }

    private static byte fitting(long distance) {
        return distance == 0 ? NONE : distance == (byte) distance ? SHORT : LONG;
    }

    private static IllegalStateException notTheSame() {
        return new IllegalStateException(
                "the emission is repeated until all branches have their sizes, and must be the same"
                        + " each time: the same stencils, with the same arguments, in the same order");
    }
}
