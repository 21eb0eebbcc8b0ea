package dev.intaglio.runtime.memory;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/**
 * Memory reserved whole at one place and mapped executable as far as it is used. Code is written somewhere else, so no address
 * is ever both writable and executable.
 *
 * <p>The data region is a private mapping at its final address beside the code: it needs no second view, and after a fork
 * the two processes do not write to each other's data.
 */
abstract class TwoViewArena implements ExecutableArena {
    private final long address;
    private final int size;
    private final int codeSize;
    private final int granule;
    private final CodeWriting code;
    private final ByteBuffer data;

    TwoViewArena(long address, MemoryPlan plan, CodeWriting code) {
        this.address = address;
        this.size = plan.size();
        this.codeSize = plan.codeSize();
        this.granule = plan.granule();
        this.code = code;
        this.data = new Pointer(address + codeSize).getByteBuffer(0, size - codeSize);
    }

    @Override
    public final long address() {
        return address;
    }

    @Override
    public final int size() {
        return size;
    }

    @Override
    public final int granule() {
        return granule;
    }

    @Override
    public final void grow(long at, long length) throws Linux.Errno {
        long offset = at - address;
        if (offset < codeSize) {
            code.grow(offset, length);
            growCode(at, length);
        } else {
            growData(at, length);
        }
    }

    @Override
    public final void populate(long at, long length) {
        code.populate(at - address, length);
        if (Linux.populate(at, length, false)) {
            Pointer pages = new Pointer(at);
            for (long page = 0; page < length; page += Linux.PAGE) {
                pages.getByte(page); // a hypervisor may map a page as late as this
            }
        }
    }

    /** Lets reserved pages of code be executed, and never be written there. */
    abstract void growCode(long at, long length) throws Linux.Errno;

    /** Lets reserved pages of data be read and written. */
    abstract void growData(long at, long length) throws Linux.Errno;

    @Override
    public final void write(long to, ByteBuffer bytes) {
        int offset = (int) (to - address);
        if (offset < codeSize) {
            code.write(offset, bytes);
        } else {
            data.put(offset - codeSize, bytes, bytes.position(), bytes.remaining());
        }
    }

    @Override
    public final void patch(long at, int width, long value) throws Linux.Errno {
        code.patch(at - address, width, value);
    }

    @Override
    public final void publish(long at, int length) {
        // The executable view shows what was written.
    }

    @Override
    public final void withdraw(long at, int length) {
        // Code is never written at the address it runs at.
    }

    @Override
    public String describe() {
        return "executable view at 0x" + Long.toHexString(address) + ", " + code.describe();
    }

    @Override
    public void close() {
        code.close();
        Linux.munmap(address, size);
    }
}
