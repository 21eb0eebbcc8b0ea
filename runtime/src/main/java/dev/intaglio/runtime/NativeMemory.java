package dev.intaglio.runtime;

import dev.intaglio.runtime.call.NativeStores;
import dev.intaglio.runtime.memory.NativeAccess;
import dev.intaglio.runtime.memory.Stores;
import java.nio.ByteBuffer;

/**
 * Little-endian stores at plain addresses: no array and no bounds check, so that a store of emitted bytes is one
 * instruction. Emitters check their room before, and {@link Section} keeps a guard behind what it has room for.
 */
final class NativeMemory {
    private static final Stores STORES = stores();

    /** {@link Stores#addressBits()}, as a constant for the JIT compiler. */
    static final long ADDRESS_BITS = STORES.addressBits();

    private NativeMemory() {}

    /**
     * Refuses where nothing can be stored.
     *
     * @throws dev.intaglio.runtime.memory.MemoryRefusedException where it takes JNA, and that cannot be loaded
     */
    static void require() {
        if (STORES instanceof PointerStores) {
            NativeAccess.require();
        }
    }

    static void put1(long address, byte value) {
        STORES.put1(address, value);
    }

    static void put2(long address, short value) {
        STORES.put2(address, value);
    }

    static void put4(long address, int value) {
        STORES.put4(address, value);
    }

    static void put8(long address, long value) {
        STORES.put8(address, value);
    }

    /** The address of a direct buffer's first byte, good as long as the buffer is reachable. */
    static long address(ByteBuffer direct) {
        return STORES.address(direct);
    }

    private static Stores stores() {
        try {
            return NativeStores.open();
        } catch (ReflectiveOperationException | LinkageError e) {
            return new PointerStores();
        }
    }
}
