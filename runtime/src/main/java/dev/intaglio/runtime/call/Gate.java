package dev.intaglio.runtime.call;

import dev.intaglio.runtime.memory.Cores;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The entry of a piece of code: counts who is inside, and once closed lets nobody in. The code is freed when the last
 * caller has left, so a close in the midst of a call, from another thread or from the call itself, does no harm.
 *
 * <p>Counting is biased: the first thread that calls is the owner and counts with plain stores, which cost a tenth of the
 * atomic additions of all others. What makes that sound is that closing is rare and pays for it: it marks the gate closed,
 * then has the kernel put a barrier into every thread ({@link Cores}), and only then looks at the owner's count. An owner who
 * read "open" before the barrier has its count seen by then; one who reads after it sees "closed".
 */
public final class Gate {
    private static final VarHandle STATE;
    private static final VarHandle OWNER;
    private static final VarHandle INSIDE;

    /** The sign bit, so that one comparison tells. */
    private static final long CLOSED = Long.MIN_VALUE;
    /** Set when the barrier is behind us and the owner's count can be trusted. */
    private static final long SETTLED = 1L << 62;
    /** Set when {@code whenLeft} runs. */
    private static final long LEFT = 1L << 61;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(Gate.class, "state", long.class);
            OWNER = lookup.findVarHandle(Gate.class, "owner", Thread.class);
            INSIDE = lookup.findVarHandle(Gate.class, "inside", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String name;
    private final long address;
    private final Runnable whenLeft;

    /** How many callers other than the owner are inside, and the bits above. */
    private volatile long state;

    /** The first thread that called; null before, and where there is no barrier. It never changes again. */
    private Thread owner;

    /** How often the owner is inside: calls nest through upcalls. */
    private int inside;

    /** The gate of the code at {@code address}; {@code whenLeft} runs once, after close, when nobody is inside. */
    public Gate(String name, long address, Runnable whenLeft) {
        this.name = name;
        this.address = address;
        this.whenLeft = whenLeft;
    }

    /** Whether this thread counts with plain stores: {@link #enterOwned} and {@link #exitOwned} are for it alone. */
    boolean isOwned() {
        return Thread.currentThread() == owner;
    }

    /** Counts the owner in; what it returns it gives back to {@link #exitOwned}. */
    int enterOwned() {
        int before = inside;
        INSIDE.setOpaque(this, before + 1);
        if (state < 0) {
            exitOwned(before);
            throw closed();
        }
        return before;
    }

    /** Counts the owner out. */
    void exitOwned(int before) {
        INSIDE.setOpaque(this, before);
        if (state < 0) {
            leave();
        }
    }

    /** The address for one who was counted in. */
    long entry() {
        return address;
    }

    /** Counts a caller in, who must {@link #exit} also when this throws; returns the address to call. */
    public long enter() {
        if (Thread.currentThread() != owner) {
            return enterShared();
        }
        return enterBiased();
    }

    private long enterBiased() {
        INSIDE.setOpaque(this, inside + 1);
        if (state < 0) {
            throw closed();
        }
        return address;
    }

    private long enterShared() {
        if (OWNER.getVolatile(this) == null
                && Cores.canSynchronize()
                && OWNER.compareAndSet(this, null, Thread.currentThread())) {
            return enterBiased();
        }
        if ((long) STATE.getAndAdd(this, 1L) < 0) {
            throw closed();
        }
        return address;
    }

    /** Counts a caller out. */
    public void exit() {
        if (Thread.currentThread() != owner) {
            STATE.getAndAdd(this, -1L);
        } else {
            INSIDE.setOpaque(this, inside - 1);
        }
        if (state < 0) {
            leave();
        }
    }

    /** Lets nobody in from now on; does nothing the second time. */
    public void close() {
        if ((long) STATE.getAndBitwiseOr(this, CLOSED) < 0) {
            return;
        }
        Thread biased = (Thread) OWNER.getVolatile(this);
        if (biased != null && biased != Thread.currentThread()) {
            Cores.synchronize();
        }
        STATE.getAndBitwiseOr(this, SETTLED);
        leave();
    }

    /** Runs {@code whenLeft} if nobody is inside; each who may have been the last calls this. */
    private void leave() {
        if ((int) INSIDE.getOpaque(this) == 0 && STATE.compareAndSet(this, CLOSED | SETTLED, CLOSED | SETTLED | LEFT)) {
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
