package dev.intaglio.runtime.memory;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
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
    private static final int PAGE = 4096;
    private static final int SMALLEST_WINDOW = 64 << 10;
    private static final String WAY = "intaglio.memory";

    private final ExecutableArena arena;
    private final Map<Region, FreeList> regions = new EnumMap<>(Region.class);
    private final long codeEnd;
    private final long[] near;
    /** Granules of 64 bytes in which code has been committed before: only there can a core hold stale instructions. */
    private final BitSet used = new BitSet();

    private CodeMemory(ExecutableArena arena, int hot, int cold, long... near) {
        this.arena = arena;
        this.near = near.clone();
        long base = arena.address();
        codeEnd = base + hot + cold;
        regions.put(Region.HOT, new FreeList(base, hot, arena.granule()));
        regions.put(Region.COLD, new FreeList(base + hot, cold, arena.granule()));
        regions.put(Region.DATA, new FreeList(codeEnd, arena.size() - hot - cold, 64));
    }

    /**
     * Maps an arena near the common libraries and the given addresses.
     *
     * @param name what {@code /proc/self/maps} calls it
     * @throws UnsupportedOperationException when the system grants no executable memory
     */
    public static CodeMemory open(String name, int size, long... near) {
        checkSystem();
        int whole = Math.max(size + PAGE - 1 & -PAGE, 8 * PAGE);
        int hot = whole / 2 & -PAGE;
        int cold = whole / 8 * 3 & -PAGE;
        return new CodeMemory(openArena(name, whole, hot + cold, near), hot, cold, near);
    }

    private static void checkSystem() {
        String system = System.getProperty("os.name");
        String machine = System.getProperty("os.arch");
        if (!system.equals("Linux") || !machine.equals("amd64")) {
            throw new UnsupportedOperationException("code is emitted for x86-64 on Linux, but this is " + system
                    + " on " + machine + "; ask CodeCache.isSupported() and run without");
        }
        try {
            Cores.canSynchronize(); // the first call through JNA
        } catch (LinkageError e) {
            Throwable cause = e.getCause() != null ? e.getCause() : e;
            throw new UnsupportedOperationException(
                    "JNA cannot load its native library: " + cause + "; if the temporary folder forbids execution, set"
                            + " -Djna.tmpdir=FOLDER, and from Java 24 on allow native access:"
                            + " --enable-native-access=ALL-UNNAMED",
                    e);
        }
    }

    private static ExecutableArena openArena(String name, int size, int codeSize, long... near) {
        String way = System.getProperty(WAY, "");
        if (!List.of("", "file", "switched").contains(way)) {
            throw new IllegalArgumentException(
                    "system property " + WAY + " is '" + way + "', but only 'file' or 'switched'" + " are known");
        }
        Site site = new Site(size, near);
        List<String> refusals = new ArrayList<>();
        if (!way.equals("switched")) {
            try {
                return MemoryFileArena.open(name, site, size, codeSize);
            } catch (Linux.Errno e) {
                refusals.add("as a memory file: " + e.getMessage());
            }
        }
        if (!way.equals("file")) {
            try {
                return SwitchedArena.open(site, size);
            } catch (Linux.Errno e) {
                refusals.add("by switching protection: " + e.getMessage());
            }
        }
        throw new UnsupportedOperationException(
                "the system grants no executable memory (" + String.join("; ", refusals)
                        + "); look at SELinux (execmem, execmod), sysctl vm.memfd_noexec, systemd's MemoryDenyWriteExecute and the"
                        + " container's seccomp profile; where that cannot change, ask CodeCache.isSupported() and run without");
    }

    @Override
    public synchronized Optional<Window> acquire(Region region, int bytes) {
        FreeList list = regions.get(region);
        long largest = list.largest();
        long size = list.rounded(Math.max(bytes, Math.min(4L * bytes, largest / 8)));
        if (size > largest) {
            size = bytes <= largest ? bytes : largest > 2 * SMALLEST_WINDOW ? largest / 2 : largest;
            size = Math.min(list.rounded(size), largest);
        }
        if (size < Math.min(bytes, PAGE)) {
            return Optional.empty();
        }
        return Optional.of(new Window(region, list.take(size), (int) size));
    }

    @Override
    public synchronized Optional<Window> extend(Window window, int bytes) {
        FreeList list = regions.get(window.region());
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
        return Optional.of(window.resized((int) (window.size() + more)));
    }

    @Override
    public synchronized void release(Window window) {
        regions.get(window.region()).give(window.address(), window.size());
    }

    /** Copies a piece to the head of a window and lets it run there. */
    public void write(Window window, ByteBuffer bytes) {
        int length = bytes.remaining();
        arena.write(window.address(), bytes);
        if (window.region() != Region.DATA) {
            // What runs off the end of a piece traps.
            int padding = (int) size(window.region(), length) - length;
            arena.write(window.address() + length, ExecutableArena.traps(padding));
            arena.publish(window.address(), length);
        }
    }

    /** What remains of a window behind a piece of {@code length} bytes, extended or replaced so that {@code wanted} fit. */
    public synchronized Optional<Window> next(Window window, int length, int wanted) {
        int kept = (int) size(window.region(), length);
        Window rest = new Window(window.region(), window.address() + kept, window.size() - kept);
        if (rest.size() >= wanted) {
            return Optional.of(rest);
        }
        FreeList list = regions.get(window.region());
        long free = list.freeAt(rest.end());
        if (rest.size() + free >= wanted) {
            long goal = list.rounded(Math.max(wanted, Math.min(4L * wanted, free / 8)));
            long more = Math.min(free, goal - rest.size());
            list.takeAt(rest.end(), more);
            return Optional.of(rest.resized((int) (rest.size() + more)));
        }
        list.give(rest.address(), rest.size());
        return acquire(window.region(), wanted);
    }

    /** The bytes that a piece of this length occupies. */
    public long size(Region region, int length) {
        return regions.get(region).rounded(length);
    }

    /**
     * Notes that code lies in the range; true when other code has lain there before and a core may still know it. The SDM
     * (volume 3A, 8.1.3) then asks for a serializing instruction in each thread that may run it: {@link Cores}.
     */
    public synchronized boolean occupy(long address, int length) {
        if (address >= codeEnd) {
            return false;
        }
        int from = (int) (address - arena.address() >> 6);
        int to = (int) (address + length - arena.address() + 63 >> 6);
        int known = used.nextSetBit(from);
        used.set(from, to);
        return known >= 0 && known < to;
    }

    /** Gives back what a piece occupies; nobody may run it any more. */
    public void free(Region region, long address, int length) {
        int size = (int) size(region, length);
        if (region != Region.DATA) {
            arena.withdraw(address, size);
            arena.erase(address, size);
        }
        synchronized (this) {
            regions.get(region).give(address, size);
        }
    }

    /** The bytes at an address, as they are now. */
    public byte[] read(long address, int length) {
        return arena.read(address, length);
    }

    @Override
    public long reachLow() {
        return codeEnd + Integer.MIN_VALUE + PAGE;
    }

    @Override
    public long reachHigh() {
        return arena.address() + Integer.MAX_VALUE - PAGE;
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

    /** The number of bytes that nobody holds. */
    public synchronized long free(Region region) {
        return regions.get(region).free();
    }

    /** The number of pieces into which the free bytes of a region fall. */
    public synchronized int freeBlocks(Region region) {
        return regions.get(region).blocks();
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

    /** How memory is protected. */
    public String protection() {
        return arena.describe();
    }

    /** Unmaps everything; nobody may run code of it any more. */
    public void close() {
        arena.close();
    }
}
