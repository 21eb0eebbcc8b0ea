package dev.intaglio.runtime.call;

/**
 * The address of code that the garbage collector frees. Who calls it holds this until the call has ended; once the code is closed nobody
 * gets it any more, and when it is unreachable nobody is inside. Public as {@link Bound} is.
 */
public final class HeldAddress {
    /** Of the first instruction. */
    public final long address;

    HeldAddress(long address) {
        this.address = address;
    }
}
