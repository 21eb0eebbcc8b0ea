package dev.intaglio.runtime;

/**
 * A Java function that emitted code can call, made by {@link CodeCache#upcall}.
 *
 * <p>Emitted code in the same cache that calls or addresses it keeps it, as it keeps any code; for an address that goes into a
 * register or a table say {@code buffer.keep(upcall.code())}, and where only native memory knows the address, close it last. Any
 * thread may use it.
 */
public final class Upcall implements AutoCloseable {
    private final Code code;

    Upcall(Code code) {
        this.code = code;
    }

    /**
     * {@return where emitted code calls it}
     *
     * @throws IllegalStateException when it is closed
     */
    public long address() {
        return code.address();
    }

    /** {@return the piece of code at the address} */
    public Code code() {
        return code;
    }

    /** Lets it go when no emitted code refers to it any more; does nothing the second time. */
    @Override
    public void close() {
        code.close();
    }

    /** {@code upcall LongBinaryOperator at 0x7f0000000000, 15 bytes}. */
    @Override
    public String toString() {
        return code.toString();
    }
}
