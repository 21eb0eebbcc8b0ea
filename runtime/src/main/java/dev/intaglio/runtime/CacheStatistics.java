package dev.intaglio.runtime;

import dev.intaglio.runtime.memory.Region;
import dev.intaglio.runtime.memory.RegionStatistics;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How full a code cache is.
 *
 * @param regions hot code, cold code and data, in this order
 * @param pieces the number of pieces that hold memory, the closed ones that are still run or referred to included
 * @param commits the number of pieces ever committed
 */
public record CacheStatistics(List<RegionStatistics> regions, int pieces, long commits) {

    /**
     * The figures of a moment.
     *
     * @param regions hot code, cold code and data, in this order
     * @param pieces the number of pieces that hold memory
     * @param commits the number of pieces ever committed
     */
    public CacheStatistics {
        regions = List.copyOf(regions);
    }

    /**
     * {@return the figures of one region}
     *
     * @param region one of the regions
     */
    public RegionStatistics region(Region region) {
        return regions.get(region.ordinal());
    }

    /** {@return the number of pieces whose memory was given back} */
    public long freed() {
        return commits - pieces;
    }

    /** {@return the number of bytes that buffers and pieces hold} */
    public long held() {
        return regions.stream().mapToLong(RegionStatistics::held).sum();
    }

    /** {@return the number of bytes that the system has granted so far} */
    public long mapped() {
        return regions.stream().mapToLong(RegionStatistics::mapped).sum();
    }

    /** One line a region, and one for the pieces. */
    @Override
    public String toString() {
        return regions.stream().map(RegionStatistics::toString).collect(Collectors.joining("\n")) + "\n" + pieces
                + " pieces, " + commits + " committed, " + freed() + " freed";
    }
}
