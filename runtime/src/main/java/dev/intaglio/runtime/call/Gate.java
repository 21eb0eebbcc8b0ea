package dev.intaglio.runtime.call;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The entry of a piece of code: counts who is inside, and once closed lets nobody in. The code is freed when the last
 * caller has left, so a close in the midst of a call, from another thread or from the call itself, does no harm.
 */
public final class Gate {
    private static final VarHandle STATE;
    private static final long CLOSED = Long.MIN_VALUE;
    private static final long LEFT = CLOSED | 1L << 62;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Gate.class, "state", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String name;
    private final long address;
    private final Runnable whenLeft;

    /** The number of callers inside; negative when closed, {@code LEFT} when {@code whenLeft} has run. */
    @SuppressWarnings("unused")
    private volatile long state;

    /** The gate of the code at {@code address}; {@code whenLeft} runs once, after close, when nobody is inside. */
    public Gate(String name, long address, Runnable whenLeft) {
        this.name = name;
        this.address = address;
        this.whenLeft = whenLeft;
    }

    /** Counts a caller in, who must {@link #exit} also when this throws; returns the address to call. */
    public long enter() {
        if ((long) STATE.getAndAdd(this, 1L) < 0) {
            throw closed();
        }
        return address;
    }

    /** Counts a caller out. */
    public void exit() {
        if ((long) STATE.getAndAdd(this, -1L) == CLOSED + 1) {
            leave();
        }
    }

    /** Lets nobody in from now on; does nothing the second time. */
    public void close() {
        if ((long) STATE.getAndBitwiseOr(this, CLOSED) == 0) {
            leave();
        }
    }

    private void leave() {
        if (STATE.compareAndSet(this, CLOSED, LEFT)) {
            whenLeft.run();
        }
    }

    /** The address, while it is open. */
    public long address() {
        if (isClosed()) {
            throw closed();
        }
        return address;
    }

    /** Whether it was closed. */
    public boolean isClosed() {
        return state < 0;
    }

    private IllegalStateException closed() {
        return new IllegalStateException("code " + name + " is closed");
    }

    /** {@code mulAdd at 0x7f0000000000}. */
    @Override
    public String toString() {
        return name + " at 0x" + Long.toHexString(address) + (isClosed() ? ", closed" : "");
    }
}
