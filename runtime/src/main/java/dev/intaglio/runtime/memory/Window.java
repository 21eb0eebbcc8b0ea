package dev.intaglio.runtime.memory;

/**
 * A range of addresses that one buffer has to itself while it emits.
 *
 * @param region the part of the cache it lies in
 * @param address its first address
 * @param size its length in bytes
 */
public record Window(Region region, long address, int size) {

    /** The first address behind it. */
    public long end() {
        return address + size;
    }

    /** The same place with another length. */
    public Window resized(int newSize) {
        return new Window(region, address, newSize);
    }

    @Override
    public String toString() {
        return region + " 0x" + Long.toHexString(address) + "+" + size;
    }
}
