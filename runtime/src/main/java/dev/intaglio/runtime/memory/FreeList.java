package dev.intaglio.runtime.memory;

import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The free parts of a range of addresses, exact: neighbours are joined, and what is given back is checked. Not thread-safe. */
final class FreeList {
    private final int granule;
    private final NavigableMap<Long, Block> byAddress = new TreeMap<>();
    private final NavigableSet<Block> bySize = new TreeSet<>();
    private long free;

    FreeList(long address, long size, int granule) {
        this.granule = granule;
        add(new Block(address, size));
        free = size;
    }

    /** The number of free bytes. */
    long free() {
        return free;
    }

    /** The size of the largest free block. */
    long largest() {
        return bySize.isEmpty() ? 0 : bySize.last().size();
    }

    /** The number of free blocks. */
    int blocks() {
        return byAddress.size();
    }

    long rounded(long size) {
        return size + granule - 1 & -granule;
    }

    /** Takes {@code size} bytes from the smallest block that holds them; the caller knows that there is one. */
    long take(long size) {
        long bytes = rounded(size);
        Block block = bySize.ceiling(new Block(0, bytes));
        if (block == null) {
            throw new IllegalStateException("no free block holds " + bytes + " bytes");
        }
        remove(block);
        if (block.size() > bytes) {
            add(new Block(block.address() + bytes, block.size() - bytes));
        }
        free -= bytes;
        return block.address();
    }

    /** The number of bytes free right at {@code address}. */
    long freeAt(long address) {
        Block block = byAddress.get(address);
        return block == null ? 0 : block.size();
    }

    /** Takes the bytes right at {@code address}, which are known to be free. */
    void takeAt(long address, long bytes) {
        Block block = byAddress.get(address);
        if (block == null || block.size() < bytes) {
            throw new IllegalStateException(bytes + " bytes at 0x" + Long.toHexString(address) + " are not free");
        }
        remove(block);
        if (block.size() > bytes) {
            add(new Block(address + bytes, block.size() - bytes));
        }
        free -= bytes;
    }

    /** Gives bytes back. */
    void give(long address, long size) {
        if (size == 0) {
            return;
        }
        Block block = new Block(address, size);
        Map.Entry<Long, Block> below = byAddress.floorEntry(address);
        Map.Entry<Long, Block> above = byAddress.ceilingEntry(address);
        if (below != null && below.getValue().end() > address || above != null && above.getKey() < block.end()) {
            throw new IllegalStateException("0x" + Long.toHexString(address) + "+" + size + " is given back twice");
        }
        if (below != null && below.getValue().end() == address) {
            remove(below.getValue());
            block = new Block(below.getKey(), below.getValue().size() + block.size());
        }
        if (above != null && above.getKey() == block.end()) {
            remove(above.getValue());
            block = new Block(block.address(), block.size() + above.getValue().size());
        }
        add(block);
        free += size;
    }

    private void add(Block block) {
        byAddress.put(block.address(), block);
        bySize.add(block);
    }

    private void remove(Block block) {
        byAddress.remove(block.address());
        bySize.remove(block);
    }

    /** Smaller ones first. */
    private record Block(long address, long size) implements Comparable<Block> {
        long end() {
            return address + size;
        }

        @Override
        public int compareTo(Block other) {
            int bySize = Long.compare(size, other.size);
            return bySize != 0 ? bySize : Long.compare(address, other.address);
        }
    }
}
