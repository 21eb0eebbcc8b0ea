package dev.intaglio.runtime.call;

import dev.intaglio.runtime.memory.Cores;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The entry of a piece of code: counts who is inside, and once closed lets nobody in. The code is freed when the last
 * caller has left, so a close in the midst of a call, from another thread or from the call itself, does no harm.
 *
 * <p>Counting is biased: the first thread that calls is the owner, and says with plain stores that it is inside, which cost a
 * tenth of the atomic additions of all others and of its own nested calls. What makes that sound is that closing is rare and
 * pays for it: it marks the gate closed, then has the kernel put a barrier into every thread ({@link Cores}), and only then looks
 * whether the owner is inside. An owner who read "open" before the barrier has its store seen by then; one who reads after it
 * sees "closed".
 */
public final class Gate {
    /** In {@link #others}: the sign bit, so that one comparison tells. */
    private static final long CLOSED = Long.MIN_VALUE;
    /** Added when the barrier is behind us and what the owner stored can be trusted. */
    private static final long SETTLED = 1L << 62;
    /** Added when {@code whenLeft} runs. */
    private static final long LEFT = 1L << 61;

    private final String name;
    private final long address;
    private final Runnable whenLeft;

    /** How many callers other than the owner are inside, and the bits above. */
    private final AtomicLong others = new AtomicLong();

    /** The same as the bit of {@link #others}, set before it. */
    private volatile boolean closed;

    /** The first thread that called; null before, and where there is no barrier. It never changes again. */
    private Thread owner;

    /** Whether the owner is inside by its own way; only it stores here. */
    private boolean inside;

    /** The gate of the code at {@code address}; {@code whenLeft} runs once, after close, when nobody is inside. */
    public Gate(String name, long address, Runnable whenLeft) {
        this.name = name;
        this.address = address;
        this.whenLeft = whenLeft;
    }

    /** Counts the owner in and is true, who must {@link #exitOwned}; false for all who must {@link #enter}. */
    public boolean enterOwned() {
        if (Thread.currentThread() != owner || inside) {
            return false;
        }
        inside = true;
        VarHandle.releaseFence(); // keeps the compilers from looking first; the processor is held back by who closes
        if (closed) {
            leaveOwned();
            throw isClosedException();
        }
        return true;
    }

    /** Counts the owner out, and throws what an upcall threw meanwhile. */
    public void exitOwned() {
        leaveOwned();
        Pending.rethrow();
    }

    private void leaveOwned() {
        VarHandle.releaseFence();
        inside = false;
        VarHandle.releaseFence();
        if (closed) {
            leave();
        }
    }

    /** The address for one who was counted in. */
    public long entry() {
        return address;
    }

    /** Counts a caller in, who must {@link #exit} unless this throws; returns the address to call. */
    public long enter() {
        if (others.getAndIncrement() < 0) {
            exit();
            throw isClosedException();
        }
        if (owner == null) {
            claim();
        }
        return address;
    }

    /** Counts a caller out, and throws what an upcall threw meanwhile. */
    public void exit() {
        if (others.getAndDecrement() < 0) {
            leave();
        }
        Pending.rethrow();
    }

    /** Makes this thread the owner from its next call on, unless there is one. */
    private synchronized void claim() {
        if (owner == null && !closed && Cores.canSynchronize()) {
            owner = Thread.currentThread();
        }
    }

    /** Lets nobody in from now on; does nothing the second time. */
    public void close() {
        Thread biased;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            biased = owner;
        }
        others.getAndAdd(CLOSED);
        if (biased != null && biased != Thread.currentThread()) {
            Cores.synchronize();
        }
        others.getAndAdd(SETTLED);
        leave();
    }

    /** Runs {@code whenLeft} if nobody is inside; each who may have been the last calls this. */
    private void leave() {
        VarHandle.fullFence();
        if (!inside && others.compareAndSet(CLOSED | SETTLED, CLOSED | SETTLED | LEFT)) {
            whenLeft.run();
        }
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

    private IllegalStateException isClosedException() {
        return new IllegalStateException("code " + name + " is closed");
    }

    /** {@code mulAdd at 0x7f0000000000}. */
    @Override
    public String toString() {
        return name + " at 0x" + Long.toHexString(address) + (closed ? ", closed" : "");
    }
}
