package dev.intaglio.runtime.call;

import dev.intaglio.runtime.memory.Cores;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The entry of a piece of code: counts who is inside, and once closed lets nobody in. The code is freed when the last
 * caller has left, so a close in the midst of a call, from another thread or from the call itself, does no harm. Each object
 * that is {@link Bound} to the code has an owner who comes in without being counted here.
 */
public final class Gate {
    /** In {@link #others}: the sign bit, so that one comparison tells. */
    private static final long CLOSED = Long.MIN_VALUE;
    /** Added when the barrier is behind us and what owners stored can be trusted. */
    private static final long SETTLED = 1L << 62;

    private final String name;
    private final long address;
    private final Runnable whenLeft;

    /** One for each interface that was asked for. */
    private final List<Bound> ways = new ArrayList<>(1);

    /** How many callers other than owners are inside, and the bits above. */
    private final AtomicLong others = new AtomicLong();

    /** The same as the bit of {@link #others}, set before it. */
    private volatile boolean closed;

    /** Whether {@code whenLeft} was run; under the lock. */
    private boolean left;

    /** The gate of the code at {@code address}; {@code whenLeft} runs once, after close, when nobody is inside. */
    public Gate(String name, long address, Runnable whenLeft) {
        this.name = name;
        this.address = address;
        this.whenLeft = whenLeft;
    }

    /** The way in of the pattern's class, always the same one, while it is open. */
    synchronized Bound way(Bound pattern) {
        if (closed) {
            throw isClosedException();
        }
        for (Bound way : ways) {
            if (way.getClass() == pattern.getClass()) {
                return way;
            }
        }
        Bound way = pattern.to(this);
        ways.add(way);
        return way;
    }

    /** Makes this thread the way's owner if there is none and it is open. */
    synchronized void claim(Bound way) {
        if (!closed) {
            way.claim(address);
        }
    }

    /** Counts a caller in, who must {@link #exit} unless this throws; returns the address to call. */
    public long enter() {
        if (others.getAndIncrement() < 0) {
            exit();
            throw isClosedException();
        }
        return address;
    }

    /** Counts a caller out, and throws what an upcall threw meanwhile. */
    public void exit() {
        others.getAndDecrement();
        if (Attention.isDue()) {
            attend();
        }
    }

    /** What a caller does who leaves while there is {@link Attention}. */
    void attend() {
        leave();
        Pending.rethrow();
    }

    /** Lets nobody in from now on. Another time it finishes what was cut short, as by the end of the stack; else it does nothing. */
    public void close() {
        synchronized (this) {
            if (!closed) {
                Attention.add(1); // before any owner can find it closed
                closed = true;
            }
            if (others.get() >= 0) {
                others.getAndAdd(CLOSED);
            }
            if ((others.get() & SETTLED) == 0) {
                settle();
                others.getAndAdd(SETTLED);
            }
        }
        leave();
    }

    /** Closes all ways, so that what owners stored can be trusted. */
    private void settle() {
        boolean unseen = false;
        for (Bound way : ways) {
            unseen |= way.close();
        }
        if (unseen && !Cores.synchronize()) {
            ways.forEach(Bound::stopOwner);
        }
    }

    /** Runs {@code whenLeft} if it is closed and nobody is inside; each who may have been the last calls this. */
    private void leave() {
        VarHandle.fullFence();
        if (others.get() == (CLOSED | SETTLED) && nobodyOwned() && isFirstToSee()) {
            whenLeft.run();
        }
    }

    /** Whether it has not been left before. */
    private synchronized boolean isFirstToSee() {
        if (left) {
            return false;
        }
        Attention.add(-1);
        left = true;
        return true;
    }

    /** Whether no owner is inside; asked once it is closed, when no way is added. */
    private boolean nobodyOwned() {
        for (Bound way : ways) {
            if (way.isInside()) {
                return false;
            }
        }
        return true;
    }

    /** The address, while it is open. */
    public long address() {
        if (closed) {
            throw isClosedException();
        }
        return address;
    }

    /** Whether it was closed. */
    public boolean isClosed() {
        return closed;
    }

    IllegalStateException isClosedException() {
        return new IllegalStateException("code " + name + " is closed");
    }

    /** {@code mulAdd at 0x7f0000000000}. */
    @Override
    public String toString() {
        return name + " at 0x" + Long.toHexString(address) + (closed ? ", closed" : "");
    }
}
