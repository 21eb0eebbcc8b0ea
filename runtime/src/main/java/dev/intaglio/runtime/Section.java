package dev.intaglio.runtime;

import dev.intaglio.runtime.memory.Region;
import dev.intaglio.runtime.memory.Window;
import java.util.Arrays;

/**
 * The bytes of one section of the piece that is being emitted, and the addresses they will have.
 *
 * <p>The address of byte 0 is fixed while a piece is emitted, so every distance between places already emitted is final.
 * Behind the limit the array has {@value #SLACK} bytes of slack, because emitters write eight bytes at a time.
 */
public final class Section {
    static final int SLACK = 16;
    private static final int FIRST_ARRAY = 4096;

    private final String name;
    private final Region region;

    /** Its place in the buffer's list. */
    final int number;

    byte[] bytes = new byte[FIRST_ARRAY + SLACK];
    int position;
    /** Where room ends; negative when the section has no window, so that it is full for no bytes, too. */
    int limit;

    long base;
    Window window;

    Section(int number, String name, Region region, Window window) {
        this.number = number;
        this.name = name;
        this.region = region;
        place(window);
    }

    /** {@code code}, {@code cold}, {@code data}, or the name a user gave. */
    public String name() {
        return name;
    }

    /** The number of bytes emitted so far. */
    public int size() {
        return position;
    }

    /** The address that byte 0 will have. */
    public long base() {
        return base;
    }

    Region region() {
        return region;
    }

    /** Starts an empty section at the head of a window. */
    void place(Window fresh) {
        window = fresh;
        base = fresh.address();
        position = 0;
        measure();
    }

    /** Makes the array hold {@code size} bytes, which the window is known to hold. */
    void grow(int size) {
        if (size > bytes.length - SLACK) {
            long wanted = Math.max(size, Math.min(2L * bytes.length, window.size()));
            bytes = Arrays.copyOf(bytes, Math.toIntExact(wanted) + SLACK);
        }
        measure();
    }

    private void measure() {
        limit = window.size() == 0 ? -1 : Math.min(bytes.length - SLACK, window.size());
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, position);
    }

    /** {@code .code: 120 bytes at 0x7f0000000000}. */
    @Override
    public String toString() {
        return "." + name + ": " + position + " bytes at 0x" + Long.toHexString(base);
    }
}
