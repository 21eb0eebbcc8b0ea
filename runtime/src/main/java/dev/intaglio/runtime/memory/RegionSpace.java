package dev.intaglio.runtime.memory;

import java.util.BitSet;

/** One region of an arena: which of it is free, and how much of it is mapped so far. Not thread-safe. */
final class RegionSpace {
    private static final long LARGEST_STEP = 1L << 20;
    private static final long SMALLEST_STEP = 64L << 10;
    private static final int SMALLEST_PIECE = 16;

    private final Region region;
    private final ExecutableArena arena;
    private final FreeList free;
    private final long start;
    private final long size;
    /** Pages are mapped up to here, from the start. */
    private long mapped;

    /** What pieces hold, in bytes. */
    private long pieces;

    /** Blocks of {@value #SMALLEST_PIECE} bytes in which code has lain before: only there can a core hold stale instructions. */
    private final BitSet used = new BitSet();

    RegionSpace(Region region, ExecutableArena arena, long start, long size, int granule) {
        this.region = region;
        this.arena = arena;
        this.start = start;
        this.size = size;
        this.free = new FreeList(start, size, granule);
        this.mapped = start;
    }

    FreeList free() {
        return free;
    }

    /** Has pages mapped up to an address, and some more. */
    void map(long end) {
        if (end > mapped) {
            long step = Math.max(SMALLEST_STEP, Math.min(size / 8, LARGEST_STEP)) & -ExecutableArena.PAGE;
            long wanted = start + (end - start + step - 1) / step * step;
            long goal = Math.min(wanted, start + size);
            try {
                arena.grow(mapped, goal - mapped);
            } catch (Linux.Errno e) {
                throw new MemoryRefusedException(
                        "the system refused the " + region + " region of the code cache " + (goal - mapped)
                                + " more bytes of those that are reserved: " + Refusals.explain(e),
                        e);
            }
            mapped = goal;
            if (region != Region.DATA) {
                Forks.cover(start, mapped - start);
            }
        }
    }

    /** Its pages are about to be unmapped. */
    void close() {
        Forks.cover(start, 0);
    }

    /** A piece lies here from now on; true when other code has lain there before. */
    boolean occupy(long address, int length) {
        pieces += free.rounded(length);
        if (region == Region.DATA) {
            return false;
        }
        int from = (int) (address - start) / SMALLEST_PIECE;
        int to = (int) (address + length - start + SMALLEST_PIECE - 1) / SMALLEST_PIECE;
        int known = used.nextSetBit(from);
        used.set(from, to);
        return known >= 0 && known < to;
    }

    /** A piece lies here no more. */
    void vacate(long address, int length) {
        pieces -= free.rounded(length);
        free.give(address, free.rounded(length));
    }

    RegionStatistics statistics() {
        return new RegionStatistics(
                region, size, mapped - start, size - free.free(), pieces, free.largest(), free.blocks());
    }
}
