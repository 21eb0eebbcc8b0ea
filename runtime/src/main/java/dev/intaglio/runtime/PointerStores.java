package dev.intaglio.runtime;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.intaglio.runtime.memory.Stores;
import java.nio.Buffer;

/** Stores through JNA: slow, but there in an image that has nothing else. */
final class PointerStores extends Stores {
    private static final Pointer ALL = new Pointer(0);

    @Override
    public void put1(long address, byte value) {
        ALL.setByte(address, value);
    }

    @Override
    public void put2(long address, short value) {
        ALL.setShort(address, value);
    }

    @Override
    public void put4(long address, int value) {
        ALL.setInt(address, value);
    }

    @Override
    public void put8(long address, long value) {
        ALL.setLong(address, value);
    }

    @Override
    public long addressBits() {
        return -1;
    }

    @Override
    public long address(Buffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
    }
}
