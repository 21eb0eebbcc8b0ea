package dev.intaglio.runtime.memory;

/**
 * What memory is asked for: an arena of hot code, cold code and data, in this order.
 *
 * @param name what {@code /proc/self/maps} calls it
 * @param size bytes that are reserved, and the most that can be used
 * @param granule pieces of code start at multiples of it: 16 or 64
 * @param hardened whether there shall be no writable view of code
 * @param near addresses that code will call or touch
 */
public record MemoryPlan(String name, int size, int granule, boolean hardened, long... near) {

    /** Rounds the size up to whole pages. */
    public MemoryPlan {
        if (granule != 16 && granule != 64) {
            throw new IllegalArgumentException("pieces of code start at multiples of 16 or 64 bytes, not " + granule);
        }
        size = Math.max(size + Linux.PAGE - 1 & -Linux.PAGE, 8 * Linux.PAGE);
        near = near.clone();
    }

    /** The same without a writable view. */
    MemoryPlan harden() {
        return new MemoryPlan(name, size, granule, true, near);
    }

    /** The bytes for hot code: half. */
    int hotSize() {
        return size / 2 & -Linux.PAGE;
    }

    /** The bytes for hot and cold code: seven eighths. */
    int codeSize() {
        return hotSize() + (size / 8 * 3 & -Linux.PAGE);
    }
}
