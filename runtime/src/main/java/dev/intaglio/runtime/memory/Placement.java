package dev.intaglio.runtime.memory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The search for an address range from which every target is in reach of a 32-bit displacement.
 *
 * <p>The libraries lie in a few dozen MiB below the stack, and so does the free space right above the highest of them:
 * that is tried first, the gaps below it after that.
 */
final class Placement {
    /** Kept free below the stack, which grows downwards into what looks like a gap. */
    private static final long STACK_ROOM = 64L << 20;

    private static final long LOWEST = 1L << 20;
    private static final long HIGHEST = 1L << 47;
    /** Libraries that emitted code commonly calls. */
    static final List<String> LIBRARIES = List.of("libc", "libm", "libjvm");

    private Placement() {}

    /** The addresses of what should be in reach: first and last byte of each library, and the given targets. */
    static List<Long> targets(MemoryMap map, long... near) {
        List<Long> targets = new ArrayList<>();
        for (MemoryMap.Mapping mapping : map.mappings()) {
            if (isLibrary(mapping)) {
                targets.add(mapping.start());
                targets.add(mapping.end() - 1);
            }
        }
        for (long address : near) {
            targets.add(address);
        }
        return targets;
    }

    private static boolean isLibrary(MemoryMap.Mapping mapping) {
        if (!mapping.path().contains(".so")) {
            return false;
        }
        for (String library : LIBRARIES) {
            if (mapping.belongsTo(library)) {
                return true;
            }
        }
        return false;
    }

    /** Free addresses for {@code size} bytes from which all targets are in reach, best first. */
    static List<Long> candidates(MemoryMap map, long size, List<Long> targets) {
        if (targets.isEmpty()) {
            return List.of();
        }
        long lowest = LOWEST;
        long highest = HIGHEST - Linux.PAGE - size;
        long top = 0;
        for (long target : targets) {
            lowest = Math.max(lowest, target - Integer.MAX_VALUE + Linux.PAGE);
            highest = Math.min(highest, target - Integer.MIN_VALUE - Linux.PAGE - size);
            top = Math.max(top, target + 1);
        }
        lowest = lowest + Linux.PAGE - 1 & -Linux.PAGE;
        highest &= -Linux.PAGE;
        List<Long> above = new ArrayList<>();
        List<Long> below = new ArrayList<>();
        long free = 0;
        for (MemoryMap.Mapping mapping : map.mappings()) {
            long end = mapping.start() - (mapping.path().startsWith("[stack") ? STACK_ROOM : 0);
            if (mapping.start() >= 0) { // what has the sign bit is the kernel's
                offer(Math.max(free, lowest), Math.min(end - size, highest), top, above, below);
                free = Math.max(free, mapping.end());
            }
        }
        offer(Math.max(free, lowest), highest, top, above, below);
        Collections.reverse(below);
        List<Long> all = new ArrayList<>(above);
        all.addAll(below);
        return all;
    }

    /** Of the possible addresses in a gap, the lowest above the targets, and the highest below them. */
    private static void offer(long from, long to, long top, List<Long> above, List<Long> below) {
        long over = Math.max(from, top + Linux.PAGE - 1 & -Linux.PAGE);
        if (over <= to) {
            above.add(over);
        } else if (from <= to) {
            below.add(to);
        }
    }
}
