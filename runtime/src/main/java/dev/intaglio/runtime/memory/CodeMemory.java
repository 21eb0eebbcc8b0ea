package dev.intaglio.runtime.memory;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Executable memory, shared out: buffers take windows of it, committed pieces keep the used part of theirs.
 *
 * <p>The arena is laid out as hot code, cold code, data. A window is larger than what its buffer asks for while there is
 * plenty, so that one piece after the other lies in it without a gap.
 */
public final class CodeMemory implements Windows {
    private static final int SMALLEST_WINDOW = 64 << 10;

    /** A window is so many times as large as is asked for. */
    private static final int GREED = 4;

    /** But where it is larger than asked for, so many would fit the largest free block. */
    private static final int LEAST_WINDOWS = 32;

    private static final int DATA_GRANULE = 64;

    private final ExecutableArena arena;
    private final Arenas.Granted granted;
    private final Map<Region, RegionSpace> regions = new EnumMap<>(Region.class);
    private final long codeEnd;
    private final long[] near;
    private boolean closed;

    private CodeMemory(Arenas.Granted granted, MemoryPlan plan) {
        this.granted = granted;
        this.arena = granted.arena();
        this.near = plan.near();
        long base = arena.address();
        int hot = plan.hotSize();
        int code = plan.codeSize();
        codeEnd = base + code;
        regions.put(Region.HOT, new RegionSpace(Region.HOT, arena, base, hot, arena.granule()));
        regions.put(Region.COLD, new RegionSpace(Region.COLD, arena, base + hot, code - hot, arena.granule()));
        regions.put(Region.DATA, new RegionSpace(Region.DATA, arena, codeEnd, plan.size() - code, DATA_GRANULE));
    }

    /**
     * Maps an arena near the common libraries and the addresses of the plan.
     *
     * @throws MemoryRefusedException when the system grants no executable memory
     */
    public static CodeMemory open(MemoryPlan plan) {
        return new CodeMemory(Arenas.open(plan), plan);
    }

    /** Whether perf shall know the names of code, which it does not where memory is hardened. */
    public static boolean isForPerf() {
        return Arenas.isForPerf();
    }

    @Override
    public synchronized Optional<Window> acquire(Region region, int bytes) {
        if (closed) { // its addresses may be somebody else's by now
            return Optional.empty();
        }
        FreeList list = regions.get(region).free();
        long largest = list.largest();
        long size = list.rounded(greedy(bytes, largest));
        if (size > largest) {
            size = bytes <= largest ? bytes : largest > 2 * SMALLEST_WINDOW ? largest / 2 : largest;
            size = Math.min(list.rounded(size), largest);
        }
        if (size < Math.min(bytes, Linux.PAGE)) {
            return Optional.empty();
        }
        return Optional.of(mapped(new Window(region, list.take(size), (int) size), 0));
    }

    private static long greedy(int bytes, long free) {
        return Math.max(bytes, Math.min((long) GREED * bytes, free / LEAST_WINDOWS));
    }

    @Override
    public synchronized Window trim(Window window, int bytes) {
        FreeList list = regions.get(window.region()).free();
        long most = list.rounded((long) GREED * bytes);
        if (closed || window.size() <= most) {
            return window;
        }
        Window less = window.resized((int) most); // what fails before this gives nothing twice
        list.give(window.address() + most, window.size() - most);
        return less;
    }

    @Override
    public synchronized Optional<Window> extend(Window window, int bytes) {
        if (closed) {
            return Optional.empty();
        }
        FreeList list = regions.get(window.region()).free();
        long free = list.freeAt(window.end());
        long missing = list.rounded((long) bytes - window.size());
        if (missing <= 0) {
            return Optional.of(window);
        }
        if (missing > free) {
            return Optional.empty();
        }
        long more = Math.min(free, Math.max(missing, window.size()));
        list.takeAt(window.end(), more);
        return Optional.of(mapped(window.resized((int) (window.size() + more)), window.size()));
    }

    /**
     * Data is mapped as soon as a window of it is held: its addresses are given away before the commit. Of code only the first step
     * is, so that a first commit need not wait for it. Where that fails what was taken behind the {@code held} bytes is
     * given back.
     */
    private Window mapped(Window window, int held) {
        RegionSpace space = regions.get(window.region());
        try {
            space.map(window.region() == Region.DATA ? window.end() : window.address() + 1);
        } catch (MemoryRefusedException e) {
            space.free().give(window.address() + held, window.size() - held);
            throw e;
        }
        return window;
    }

    @Override
    public synchronized void release(Window window) {
        regions.get(window.region()).free().give(window.address(), window.size());
    }

    /** Maps memory for the head of a window, as {@link #write} does, too; until then only its addresses are reserved. */
    public synchronized void prepare(Window window, int length) {
        if (closed) {
            throw new IllegalStateException("the memory is closed");
        }
        regions.get(window.region()).map(window.address() + occupied(window.region(), length));
    }

    /** Copies a piece to the head of a window, and lets it run there. */
    public void write(Window window, ByteBuffer bytes) {
        int length = bytes.remaining();
        prepare(window, length);
        Forks.begin();
        try {
            arena.write(window.address(), bytes);
            if (window.region() != Region.DATA) {
                // What runs off the end of a piece traps.
                int padding = occupied(window.region(), length) - length;
                arena.write(window.address() + length, ExecutableArena.traps(padding));
                arena.publish(window.address(), length);
            }
        } finally {
            Forks.end();
        }
    }

    /**
     * What remains of a window behind a piece of {@code length} bytes, extended or replaced so that {@code wanted} fit; empty
     * when there is nothing, or the system refuses to grow.
     */
    public synchronized Optional<Window> next(Window window, int length, int wanted) {
        int kept = occupied(window.region(), length);
        Window rest = new Window(window.region(), window.address() + kept, window.size() - kept);
        if (rest.size() >= wanted) {
            return Optional.of(trim(rest, wanted));
        }
        FreeList list = regions.get(window.region()).free();
        long free = list.freeAt(rest.end());
        try {
            if (rest.size() + free >= wanted) {
                long goal = list.rounded(greedy(wanted, free));
                long more = Math.min(free, goal - rest.size());
                list.takeAt(rest.end(), more);
                return Optional.of(mapped(rest.resized((int) (rest.size() + more)), rest.size()));
            }
            list.give(rest.address(), rest.size());
            rest = rest.resized(0);
            return acquire(window.region(), wanted);
        } catch (MemoryRefusedException e) {
            list.give(rest.address(), rest.size());
            return Optional.empty();
        }
    }

    /** The bytes that a piece of this length occupies. */
    public int occupied(Region region, int length) {
        return (int) regions.get(region).free().rounded(length);
    }

    /** Stores 4 or 8 bytes that lie within eight aligned ones, at once, while threads run there. */
    public void patch(long address, int width, long value) {
        Forks.begin();
        try {
            arena.patch(address, width, value);
        } catch (Linux.Errno e) {
            throw new MemoryRefusedException(
                    "the system refused to map a page to be patched: " + Refusals.explain(e), e);
        } finally {
            Forks.end();
        }
    }

    /** Undoes a {@link #write} of a piece that nobody has seen. */
    public void takeBack(Window window, int length) {
        if (window.region() != Region.DATA) {
            arena.withdraw(window.address(), occupied(window.region(), length));
        }
    }

    /**
     * Notes that a piece lies in the range; true when other code has lain there since the last barrier, so that a core may still know
     * it: then each thread must run a serializing instruction before it comes there ({@link Cores}, {@link StaleCode}).
     */
    public synchronized boolean occupy(Region region, long address, int length) {
        return regions.get(region).occupy(address, length);
    }

    /** Gives back what a piece occupies; nobody may run it any more. */
    public void free(Region region, long address, int length) {
        int size = occupied(region, length);
        if (region != Region.DATA && !Forks.isChild()) {
            Forks.begin();
            try {
                arena.withdraw(address, size);
                arena.erase(address, size);
            } finally {
                Forks.end();
            }
        }
        synchronized (this) {
            regions.get(region).vacate(address, length);
        }
    }

    /** The bytes at an address, as they are now. */
    public byte[] read(long address, int length) {
        return arena.read(address, length);
    }

    @Override
    public long reachLow() {
        return codeEnd + Integer.MIN_VALUE + Linux.PAGE;
    }

    @Override
    public long reachHigh() {
        return arena.address() + Integer.MAX_VALUE - Linux.PAGE;
    }

    /** Whether rel32 reaches the address from all code. */
    public boolean reaches(long address) {
        return address >= reachLow() && address <= reachHigh();
    }

    /** The first address. */
    public long address() {
        return arena.address();
    }

    /** The size of all regions. */
    public int size() {
        return arena.size();
    }

    /** Pieces of code start at multiples of it. */
    public int granule() {
        return arena.granule();
    }

    /** How full a region is. */
    public synchronized RegionStatistics statistics(Region region) {
        return regions.get(region).statistics();
    }

    /** Where the libraries and the wanted addresses are as seen from here. */
    public String placement() {
        List<String> far = new ArrayList<>();
        for (MemoryMap.Mapping mapping : MemoryMap.read().mappings()) {
            for (String library : Placement.LIBRARIES) {
                if (mapping.belongsTo(library)
                        && !(reaches(mapping.start()) && reaches(mapping.end() - 1))
                        && !far.contains(library)) {
                    far.add(library);
                }
            }
        }
        for (long address : near) {
            if (!reaches(address)) {
                far.add("0x" + Long.toHexString(address));
            }
        }
        return far.isEmpty()
                ? "all targets in reach of rel32"
                : "out of reach of rel32, called through the pool: " + String.join(", ", far);
    }

    /** How memory is protected, and what the system refused before. */
    public String protection() {
        return granted.describe();
    }

    /** Unmaps everything; nobody may run code of it any more. */
    public synchronized void close() {
        closed = true;
        regions.values().forEach(RegionSpace::close);
        arena.close();
    }
}
