package dev.intaglio.runtime.call;

import dev.intaglio.runtime.memory.Cores;
import java.lang.invoke.VarHandle;

/**
 * An object that calls emitted code: the way in of one interface, through the {@link Gate} that all ways to a piece share. The
 * classes below it are written by {@link ClassFile} at run time, one for each interface; public only so that they may lie
 * beside an interface of another package.
 *
 * <p>It is biased: the first thread that calls it is its owner, and says with a plain store that it is inside, which costs a tenth
 * of the atomic additions of all others, and of its own calls within that call. What makes that sound is that closing is rare and
 * pays for it:
 * the gate marks the object closed, then has the kernel put a barrier into every thread ({@link Cores}), and only then looks
 * whether the owner is inside. An owner who read the address before the barrier has its store seen by then; one who reads after it
 * finds none. What the owner reads lies in this object rather than in the gate: each load that waits for another is felt, since
 * a native call waits for all of them.
 */
public abstract class Bound {
    /** The only thread that defines a class takes what its initializer leaves here. */
    private static Bound first;

    private final Gate gate;

    /** The address of the code; zero before there is an owner and after close. */
    private volatile long entry;

    /** The first thread that called; null before, and where there is no barrier. It never changes again. */
    private Thread owner;

    /**
     * Whether the owner is inside a call that it made here; only it stores here. The classes take it away themselves, without a
     * method for it: at the end of the stack nothing can be called.
     */
    protected boolean inside;

    /** An object for this gate. */
    protected Bound(Gate gate) {
        this.gate = gate;
    }

    /** Another of the same class, for another gate. */
    protected abstract Bound to(Gate other);

    /**
     * Lets the owner in, who then is no more {@link #inside} and must {@link #attend}, and returns the address to call; zero for
     * all who must {@link #enter}.
     */
    protected final long enterOwned() {
        if (Thread.currentThread() != owner || inside) {
            return 0;
        }
        inside = true;
        try {
            // Keeps the compilers from looking first; the processor is held back by who closes.
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

    /** What the owner does when it is out; throws what an upcall threw meanwhile. */
    protected final void attend() {
        VarHandle.releaseFence();
        if (Attention.isDue()) {
            gate.attend();
        }
    }

    /** Counts a caller in, who must {@link #exit} unless this throws; returns the address to call. */
    protected final long enter() {
        if (owner == null && Cores.canSynchronize()) {
            gate.claim(this); // from its next call on
        }
        return gate.enter();
    }

    /** Counts a caller out, and throws what an upcall threw meanwhile. */
    protected final void exit() {
        gate.exit();
    }

    /** Makes this thread the owner from its next call on, unless there is one; under the gate's lock, while it is open. */
    final void claim(long address) {
        if (owner == null) {
            entry = address;
            owner = Thread.currentThread();
        }
    }

    /** Lets the owner in no more, and is whether a barrier must tell it. */
    final boolean close() {
        entry = 0;
        return owner != null && owner != Thread.currentThread();
    }

    /**
     * Does for the owner what the barrier does for all threads, where the kernel refuses it by now: to read a thread's stack the JVM
     * stops it, in native code or between two instructions that it compiled, and has its stores seen.
     */
    final void stopOwner() {
        if (owner != null) {
            owner.getStackTrace();
        }
    }

    /** Whether the owner is inside. */
    final boolean isInside() {
        return inside;
    }

    /** The initializer of each class gives its first object here, so that none is made by reflection, which starts slowly. */
    protected static void first(Bound made) {
        first = made;
    }

    /** The first object of the class that was just initialized by this thread, which holds the lock of {@link Binder}. */
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
