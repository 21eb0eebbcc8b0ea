package dev.intaglio.runtime.memory;

import java.nio.Buffer;

/** A way to store numbers at plain addresses. */
public abstract class Stores {
    private static Stores first;

    public abstract void put1(long address, byte value);

    public abstract void put2(long address, short value);

    public abstract void put4(long address, int value);

    public abstract void put8(long address, long value);

    /**
     * The bits that an address may have set; all where that does not matter. Where the memory that is stored to has bounds, the JIT
     * compiler sees that an address masked with these keeps them.
     */
    public abstract long addressBits();

    /** The address of a direct buffer's first byte, good as long as the buffer is reachable. */
    public abstract long address(Buffer direct);

    /** A class that is written at run time gives its object here when it is initialized. */
    protected static void first(Stores made) {
        first = made;
    }

    /** The object of the class that was initialized last. */
    public static Stores takeFirst() {
        return first;
    }
}
