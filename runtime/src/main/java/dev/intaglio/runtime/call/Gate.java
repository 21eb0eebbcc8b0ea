package dev.intaglio.runtime.call;

import dev.intaglio.runtime.memory.Cores;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The entry of a piece of code: counts the callers inside, and lets none in once it is closed. The code is freed when the last caller has
 * left, so a close in the midst of a call, from another thread or from the call itself, does no harm. Most callers of an object that is
 * {@link Bound} to the code come in without being counted here; of those that the garbage collector is to find the gate knows nothing.
 */
public final class Gate {
    /** In {@link #counted}: the sign bit, so that one comparison tells. */
    private static final long CLOSED = Long.MIN_VALUE;
    /** Added when the barrier is behind us and what callers stored can be trusted. */
    private static final long SETTLED = 1L << 62;

    private static final AtomicLong NUMBERS = new AtomicLong();

    /** Closed gates that a caller was still inside. */
    private static final Set<Gate> CLOSING = ConcurrentHashMap.newKeySet();

    /** Guarded by {@link #CLOSING}; null until there is collected code. */
    private static Cleaner cleaner;

    static {
        // A class whose initializer meets the end of a stack can never be used again: a caller that leaves needs these.
        Caller.isWorthIt();
        Pending.isNone();
        StackRoom.require();
    }

    private final String name;
    /** Where the code is. */
    final long address;

    /** This gate's and no other's, unlike its address, which becomes another's. */
    final long id = NUMBERS.incrementAndGet();

    private final Runnable whenLeft;

    /** One for each interface that was asked for. */
    private final List<Bound> ways = new ArrayList<>(1);

    /** The ways that have a class of their own, where it is permanent. */
    private Map<Binder, Object> permanentWays = Map.of();

    /** How many calls that were counted are inside, and the bits above. */
    private final AtomicLong counted = new AtomicLong();

    /** The same as the bit of {@link #counted}, set before it. */
    private volatile boolean closed;

    /** Whether it is never closed. */
    private volatile boolean permanent;

    /** What callers are to hold that are not counted; null before it is made collected, and once it is closed. Under the lock. */
    private HeldAddress held;

    /** Whether the garbage collector has to find that nobody holds it any more; under the lock. */
    private boolean uncollected;

    /** Whether all have left who say so; changed under the lock. */
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

    /** The way in of permanent code that the binder makes, always the same one. */
    synchronized Object permanentWay(Binder binder) {
        Object way = permanentWays.get(binder);
        if (way == null) {
            way = binder.makePermanent(this);
            if (permanentWays.isEmpty()) { // few gates are permanent, and all pieces have one
                permanentWays = new HashMap<>();
            }
            permanentWays.put(binder, way);
        }
        return way;
    }

    /** Tells the way that this thread calls it, if the gate is open. */
    synchronized void claim(Bound way) {
        if (!closed) {
            way.claim();
        }
    }

    /** Counts a caller in, which must {@link #exit} unless this throws; returns the address to call. */
    public long enter() {
        long before;
        do {
            before = counted.get();
            if (before < 0) {
                throw isClosedException(); // not counted out again: near the end of the stack that might fail
            }
        } while (!counted.compareAndSet(before, before + 1));
        return address;
    }

    /** Counts a caller out, and throws what an upcall threw meanwhile. */
    public void exit() {
        counted.getAndDecrement();
        if (Attention.isDue()) {
            attend();
        }
    }

    /** What a caller does that leaves while there is a reason for {@link Attention}. */
    void attend() {
        if (closed) {
            leave();
        }
        if (Caller.isWorthIt()) { // the last to leave another gate may have failed to look, where its stack ended
            for (Gate gate : CLOSING) {
                gate.leave();
            }
            Pending.forgetEnded();
        }
        Pending.rethrow();
    }

    /** Keeps it open for ever: what is bound from now on need not ask. */
    public synchronized void makePermanent() {
        if (closed) {
            throw isClosedException();
        }
        permanent = true;
    }

    /** Leaves it to the garbage collector to find who is inside when it is closed: what is bound from now on need not say so. */
    public synchronized void makeCollected() {
        if (closed) {
            throw isClosedException();
        }
        if (held == null) {
            cleaner();
            held = new HeldAddress(address);
        }
    }

    /** What an object that is bound to it needs, if anything. */
    synchronized HeldAddress held() {
        return held;
    }

    /** What is to be bound to it. */
    synchronized Lifetime lifetime() {
        return permanent ? Lifetime.PERMANENT : held == null ? Lifetime.COUNTED : Lifetime.COLLECTED;
    }

    /** Whether it is closed, and the garbage collector has not found yet that nobody is inside. */
    public synchronized boolean awaitsCollector() {
        return closed && uncollected;
    }

    /**
     * Lets nobody in from now on, unless it is permanent. Called again it finishes what was cut short, as by the end of the stack, or does
     * nothing.
     */
    public void close() {
        synchronized (this) {
            if (permanent) {
                return;
            }
            if (!closed) {
                Attention.add(1); // before any caller can find it closed
                closed = true;
            }
            if (counted.get() >= 0) {
                counted.getAndAdd(CLOSED);
            }
            if ((counted.get() & SETTLED) == 0) {
                settle();
                counted.getAndAdd(SETTLED);
            }
        }
        leave();
        if (!left) {
            CLOSING.add(this);
            leave(); // a caller that left meanwhile may not have been able to look
        }
        if (isShared()) {
            Caller.forgetEnded();
        }
    }

    /** Closes all ways, so that what callers stored can be trusted. */
    private void settle() {
        for (Bound way : ways) {
            uncollected |= way.isHolding();
        }
        if (uncollected && held != null) {
            cleaner().register(held, this::collected);
        }
        held = null;
        boolean unseen = false;
        for (Bound way : ways) {
            unseen |= way.close();
        }
        if (unseen && !Cores.synchronize()) {
            Thread.getAllStackTraces(); // stops all threads, which orders what they stored as well as the barrier does
        }
    }

    /** Nobody holds the address any more. */
    private void collected() {
        boolean last;
        synchronized (this) {
            last = uncollected && left;
            uncollected = false;
        }
        if (last) {
            whenLeft.run();
        }
    }

    /** Runs {@code whenLeft} if it is closed and nobody is inside; each caller that may have been the last calls this. */
    private void leave() {
        VarHandle.fullFence();
        if (counted.get() == (CLOSED | SETTLED) && isUncountedGone()) {
            StackRoom.require(); // what follows is done as a whole, or by another
            if (isFirstToSee()) {
                whenLeft.run();
            }
            CLOSING.remove(this);
        }
    }

    /** Whether no caller is inside that is not counted here; asked once it is closed, when no way is added. */
    private boolean isUncountedGone() {
        for (Bound way : ways) {
            if (way.isInside()) {
                return false;
            }
        }
        return !isShared() || !Caller.isAnyInside(id);
    }

    private boolean isShared() {
        for (Bound way : ways) {
            if (way.isShared()) {
                return true;
            }
        }
        return false;
    }

    /** Whether this is the first to see that nobody is inside: of those who say so, and of those that the garbage collector found. */
    private synchronized boolean isFirstToSee() {
        if (left) {
            return false;
        }
        Attention.add(-1);
        left = true;
        return !uncollected;
    }

    /** What tells of addresses that nobody holds; with its thread, which only those need who have such code, and which may be refused. */
    private static Cleaner cleaner() {
        synchronized (CLOSING) {
            if (cleaner == null) {
                cleaner = Cleaner.create();
            }
            return cleaner;
        }
    }

    /** What the code is called. */
    String name() {
        return name;
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
