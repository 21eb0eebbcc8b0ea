package dev.intaglio.runtime.call;

/**
 * An object that calls emitted code through its gate. The classes below it are written by {@link ClassFile} at run time, one for
 * each interface; public only so that they may lie beside an interface of another package.
 */
public abstract class Bound {
    /** The only thread that defines a class takes what its initializer leaves here. */
    private static Bound first;

    /** What is called. */
    protected final Gate gate;

    /** An object for this gate. */
    protected Bound(Gate gate) {
        this.gate = gate;
    }

    /** Another of the same class, for another gate. */
    protected abstract Bound to(Gate other);

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
