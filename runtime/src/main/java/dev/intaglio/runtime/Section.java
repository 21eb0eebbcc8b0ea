package dev.intaglio.runtime;

import dev.intaglio.runtime.memory.Region;
import dev.intaglio.runtime.memory.Window;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of one section of the piece that is being emitted, and the addresses they will have.
 *
 * <p>The address of byte 0 is fixed while a piece is emitted, so every distance between places already emitted is final.
 * Bytes are collected in native memory of the section's own; emitters know a place in it as a plain address, and adding the
 * {@link #slide} gives the address at which the byte will run.
 */
public final class Section {
    /** Emitters write eight bytes at a time; the rest turns a stencil that was sized too small into an error. */
    static final int GUARD = 4096;

    private static final int FIRST_STORAGE = 4 << 10;
    /** What a trace of a thousand stencils needs, so that a first one need not grow. */
    private static final int FIRST_STORAGE_HOT = 64 << 10;

    private static final int FIRST_STORAGE_COLD = 16 << 10;

    /**
     * Added to {@link #next} from a stencil's first reservation to its end: more than a section holds, and an addition is one instruction.
     * Behind a stencil that was left before its end the next one therefore finds no room and asks the buffer, which refuses.
     */
    static final long OPEN = 1L << 30;

    private final String name;
    private final Region region;

    /** Its place in the buffer's list. */
    final int number;

    /** What holds the bytes, last, and what held them before it grew: an emitter on another thread may still store there. */
    private final List<ByteBuffer> storage = new ArrayList<>();

    private int capacity;
    /** Where byte 0 is collected. */
    long memory;

    /** Where the next byte is collected, or that and {@link #OPEN}. */
    long next;

    /**
     * Where room ends; less than {@link #memory}, or 0, where there is none even for no bytes, so that the buffer is asked. Another thread
     * may set it to 0 at any time.
     */
    long end;

    /** What added to a place gives the address it will have. */
    long slide;

    /** How many labels were bound here, in all pieces: behind one, control may come from elsewhere. */
    int bound;

    Window window;

    Section(int number, String name, Region region, Window window) {
        this.number = number;
        this.name = name;
        this.region = region;
        int wanted =
                region == Region.HOT ? FIRST_STORAGE_HOT : region == Region.COLD ? FIRST_STORAGE_COLD : FIRST_STORAGE;
        store(Math.max(FIRST_STORAGE, Math.min(wanted, window.size())));
        place(window);
    }

    /** {@return {@code code}, {@code cold}, {@code data}, or the name a user gave} */
    public String name() {
        return name;
    }

    /** {@return the number of bytes emitted so far} */
    public int size() {
        return (int) (next - memory & OPEN - 1);
    }

    /** Has whoever comes next refuse to go on, as behind a stencil that was not ended. */
    void open() {
        if (!isOpen(next)) {
            next += OPEN;
        }
    }

    /** Whether a stencil has begun here and not ended. */
    boolean isOpen() {
        return isOpen(next);
    }

    /** The same where {@link #next} is this. */
    boolean isOpen(long marked) {
        return marked - memory >= OPEN;
    }

    /** {@return the address that byte 0 will have} */
    public long base() {
        return memory + slide;
    }

    /** Its name for a person. */
    String title() {
        return CodeBuffer.title(name);
    }

    Region region() {
        return region;
    }

    /** Starts an empty section at the head of a window. */
    void place(Window fresh) {
        window = fresh;
        slide = fresh.address() - memory;
        clear();
        measure();
    }

    /** Forgets all bytes. */
    void clear() {
        next = memory;
    }

    /** Leaves no room, so that the buffer is asked for it, which refuses. */
    void shut() {
        end = 0;
    }

    /** Makes the storage hold {@code size} bytes, which the window is known to hold. */
    void grow(int size) {
        if (size > capacity) {
            int kept = size();
            long base = base();
            ByteBuffer bytes = bytes();
            long before = memory;
            store((int) Math.max(size, Math.min(2L * capacity, window.size())));
            newest().put(0, bytes, 0, kept);
            next += memory - before; // with OPEN
            slide = base - memory;
        }
        measure();
    }

    private void store(int size) {
        ByteBuffer direct = ByteBuffer.allocateDirect(size + GUARD);
        storage.add(direct);
        capacity = size;
        memory = NativeMemory.address(direct);
    }

    private void measure() {
        end = window.size() == 0 ? memory - 1 : memory + Math.min(capacity, window.size());
    }

    /** Whether an address is that of a byte of the section, or of the next one in its window. */
    boolean contains(long address) {
        return address >= base() && address <= base() + size() && address < window.end();
    }

    /** Whether the piece ends at an address; behind a full window that is another piece's, too. */
    boolean endsAt(long address) {
        return size() > 0 && address == base() + size();
    }

    /** Refuses more bytes than there was room for. */
    void checkRoom() {
        if (size() > Math.min(capacity, window.size())) {
            throw new IllegalStateException("section ." + title()
                    + " holds more bytes than its stencils said they needed: this is a defect of the processor");
        }
    }

    /** The number of a byte, from its place. */
    int position(long place) {
        return (int) (place - memory);
    }

    /** Where a byte is collected. */
    long place(int position) {
        return memory + position;
    }

    /** The bytes emitted so far; the section's own memory, so copy them before the next stencil. */
    ByteBuffer bytes() {
        return newest().duplicate().position(0).limit(size());
    }

    private ByteBuffer newest() {
        return storage.get(storage.size() - 1);
    }

    byte[] toByteArray() {
        byte[] copy = new byte[size()];
        bytes().get(copy);
        return copy;
    }

    /** {@code .code: 120 bytes at 0x7f0000000000}. */
    @Override
    public String toString() {
        return "." + name + ": " + size() + " bytes at 0x" + Long.toHexString(base());
    }
}
