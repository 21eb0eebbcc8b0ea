package dev.intaglio.runtime.call;

import dev.intaglio.runtime.memory.Cores;
import java.lang.invoke.VarHandle;

/**
 * An object that calls emitted code: the way in of one interface, through the {@link Gate} that all ways to a piece share.
 * {@link BoundClass} writes its subclasses at run time, one for each interface; public only so that they may lie beside an interface of
 * another package.
 *
 * <p>A caller tells in one of three ways that it is inside:
 *
 * <ol>
 *   <li>The first thread that calls is the owner, and stores it in this object.
 *   <li>When others are found to call as well there is no owner any more, and each thread that calls often stores it in a
 *       {@link Caller} of its own.
 *   <li>All others are counted by the gate, atomically: threads that call seldom, that are very deep in nested calls or find no
 *       free place, the owner in a call within its own, and all threads where there is no barrier.
 * </ol>
 *
 * <p>Plain stores suffice because closing is rare and pays for them: the gate marks the object closed, then has the kernel put a barrier
 * into every thread ({@link Cores}; where the kernel refuses later on, the JVM stops them), and only then looks whether a thread is inside.
 * The store of a thread that read the address before the barrier is seen by then; a thread that reads it later finds none. What the owner
 * reads lies in this object rather than in the gate: each load that waits for another is felt, since a native call waits for all of them.
 *
 * <p>None of this is needed where the code is {@linkplain Gate#makePermanent permanent}, or where the garbage collector tells that nobody is
 * inside ({@link #hold}).
 */
public abstract class Bound {
    /** What the initializer of a class leaves here for the thread that defines it, one at a time. */
    private static Bound first;

    private final Gate gate;

    /** The address of the code, for threads inside, or where it is permanent. */
    protected final long address;

    /** The address of the code; zero before there is an owner and after close. */
    private volatile long entry;

    /** The first thread that called; null before, when there are several, and where there is no barrier. */
    private Thread owner;

    /** Whether several threads call, which have no owner. */
    private volatile boolean shared;

    /**
     * Whether the owner is inside a call that it made here; only the owner stores it. The subclasses clear it themselves, without a method
     * for it: at the end of the stack nothing can be called.
     */
    protected boolean inside;

    /** What callers of collected code hold; null once it is closed. */
    private volatile HeldAddress held;

    /** An object for this gate. */
    protected Bound(Gate gate) {
        this.gate = gate;
        if (gate == null) { // the first of a class
            address = 0;
        } else {
            address = gate.address;
            held = gate.held();
        }
    }

    /** Another of the same class, for another gate. */
    protected abstract Bound to(Gate other);

    /**
     * Lets the owner in and returns the address to call, after which it must clear {@link #inside} and {@link #attend}; zero for all that
     * must {@link #enter}.
     */
    protected final long enterOwned() {
        if (Thread.currentThread() != owner || inside) {
            return 0;
        }
        inside = true;
        try {
            // Keeps the compilers from loading first; the processor is kept from it by whoever closes.
            VarHandle.releaseFence();
        } catch (StackOverflowError e) { // in the interpreter it is a call
            inside = false;
            throw e;
        }
        long address = entry;
        if (address == 0) {
            inside = false;
            attend();
            throw gate.isClosedException();
        }
        return address;
    }

    /** What the owner does once it is out; throws what an upcall threw meanwhile. */
    protected final void attend() {
        VarHandle.releaseFence();
        if (Attention.isDue()) {
            gate.attend();
        }
    }

    /** What the caller of collected code must keep reachable until the call has ended. */
    protected final HeldAddress hold() {
        HeldAddress now = held;
        if (now == null) {
            throw gate.isClosedException();
        }
        return now;
    }

    /**
     * Lets any thread in. Unless this throws, the thread calls the {@link #address}, and then must {@link #exit} with what this returned.
     */
    protected final Caller enter() {
        if (shared) {
            Caller caller = Caller.current();
            if (caller != null && caller.calls[0] < Caller.NESTED) {
                enter(caller);
                return caller;
            }
        }
        if (Cores.canSynchronize()) {
            prepare();
        }
        gate.enter();
        return null;
    }

    private void enter(Caller caller) {
        long[] calls = caller.calls;
        int depth = (int) calls[0];
        calls[depth + 1] = gate.id;
        calls[0] = depth + 1;
        try {
            VarHandle.releaseFence(); // as above
        } catch (StackOverflowError e) {
            calls[0] = depth;
            throw e;
        }
        if (entry == 0) {
            calls[0] = depth;
            attend();
            throw gate.isClosedException();
        }
    }

    /** Makes this thread's next calls cheaper. */
    private void prepare() {
        if (owner == null && !shared) {
            gate.claim(this);
        } else if (owner != Thread.currentThread() && Caller.isWorthIt()) {
            Caller.add();
            if (!shared) {
                gate.claim(this);
            }
        }
    }

    /** Lets out a thread that was let in as this caller or, where it is null, counted; throws what an upcall threw meanwhile. */
    protected final void exit(Caller caller) {
        if (caller != null) {
            caller.calls[0]--;
            attend();
        } else {
            gate.exit();
        }
    }

    /** Makes this thread the owner; where another one is, there is none from now on. Under the gate's lock, while it is open. */
    final void claim() {
        if (!shared && (owner == null || !owner.isAlive())) {
            entry = address;
            owner = Thread.currentThread();
        } else if (!shared && owner != Thread.currentThread()) {
            shared = true;
            owner = null;
        }
    }

    /** Lets nobody in uncounted any more; returns whether other threads must be told of it by a barrier. */
    final boolean close() {
        held = null;
        entry = 0;
        return shared || owner != null && owner != Thread.currentThread();
    }

    /** Whether callers may have got what they hold here. */
    final boolean isHolding() {
        return held != null;
    }

    /** Whether the owner is inside. */
    final boolean isInside() {
        return inside;
    }

    /** Whether {@link Caller}s may be inside. */
    final boolean isShared() {
        return shared;
    }

    /** The initializer of each class gives its first object here, so that none is made by reflection, which starts slowly. */
    protected static void first(Bound made) {
        first = made;
    }

    /** The first object of the class that was just initialized by this thread, which holds the lock of this class. */
    static Bound takeFirst() {
        Bound taken = first;
        first = null;
        return taken;
    }

    @Override
    public final String toString() {
        return gate.toString();
    }
}
