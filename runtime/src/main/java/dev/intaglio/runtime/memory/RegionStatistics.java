package dev.intaglio.runtime.memory;

import java.util.Locale;
import org.jspecify.annotations.NullMarked;

/**
 * How full a region of a code cache is, in bytes.
 *
 * @param region hot code, cold code or data
 * @param size what it can hold at most
 * @param mapped what the system has granted so far; it grows up to the size, and never moves
 * @param held what pieces of code and the windows of open buffers hold
 * @param pieces what pieces of code alone hold
 * @param largest the largest free block
 * @param blocks the number of free blocks
 */
@NullMarked
public record RegionStatistics(
        Region region, long size, long mapped, long held, long pieces, long largest, int blocks) {

    /** {@return what nobody holds} */
    public long free() {
        return size - held;
    }

    /** {@code hot 32768 KiB, 1024 mapped, 4096 held, 12 of them by code; 28672 free in 1 blocks, the largest 28672}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s %d KiB, %d mapped, %d held, %d of them by code; %d free in %d blocks, the largest %d",
                region.toString().toLowerCase(Locale.ROOT),
                size >> 10,
                mapped >> 10,
                held >> 10,
                pieces + 1023 >> 10,
                free() >> 10,
                blocks,
                largest >> 10);
    }
}
