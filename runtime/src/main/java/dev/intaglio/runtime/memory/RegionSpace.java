package dev.intaglio.runtime.memory;

/** One region of an arena: which of it is free, and how much of it is mapped so far. Not thread-safe. */
final class RegionSpace {
    private static final long LARGEST_STEP = 1L << 20;
    private static final long SMALLEST_STEP = 64L << 10;

    private final Region region;
    private final ExecutableArena arena;
    private final FreeList free;
    private final long start;
    private final long size;
    /** Pages are mapped up to here, from the start. */
    private long mapped;

    /** What pieces hold, in bytes. */
    private long pieces;

    private final int granule;
    private final StaleCode stale = new StaleCode(Cores.BARRIERS);

    RegionSpace(Region region, ExecutableArena arena, long start, long size, int granule) {
        this.region = region;
        this.arena = arena;
        this.start = start;
        this.size = size;
        this.granule = granule;
        this.free = new FreeList(start, size, granule);
        this.mapped = start;
    }

    FreeList free() {
        return free;
    }

    /** Has pages mapped up to an address, and some more. */
    void map(long end) {
        if (end > mapped) {
            long step = Math.max(SMALLEST_STEP, Math.min(size / 8, LARGEST_STEP)) & -Linux.PAGE;
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
            boolean isFirst = mapped == start;
            mapped = goal;
            if (region != Region.DATA) {
                if (isFirst) { // the first pieces of a JVM are waited for
                    arena.populate(start, Math.min(SMALLEST_STEP, goal - start));
                }
                Forks.cover(start, mapped - start);
            }
        }
    }

    /** Its pages are about to be unmapped. */
    void close() {
        Forks.cover(start, 0);
    }

    /** A piece lies here from now on; true when a core may still know other code that has lain here before. */
    boolean occupy(long address, int length) {
        pieces += free.rounded(length);
        return region != Region.DATA && stale.isAmong(block(address), blocks(length));
    }

    /** A piece lies here no more, and nobody runs it. */
    void vacate(long address, int length) {
        pieces -= free.rounded(length);
        if (region != Region.DATA) {
            stale.add(block(address), blocks(length));
        }
        free.give(address, free.rounded(length));
    }

    private int block(long address) {
        return (int) (address - start) / granule;
    }

    private int blocks(int length) {
        return (int) free.rounded(length) / granule;
    }

    RegionStatistics statistics() {
        return new RegionStatistics(
                region, size, mapped - start, size - free.free(), pieces, free.largest(), free.blocks());
    }
}
