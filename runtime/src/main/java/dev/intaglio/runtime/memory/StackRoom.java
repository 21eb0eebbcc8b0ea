package dev.intaglio.runtime.memory;

/**
 * Asks for stack before lists of what is free are changed: a {@link StackOverflowError} in their midst would leave them half
 * changed, and memory could be given twice.
 */
public final class StackRoom {
    private StackRoom() {}

    /** Overflows here where little stack is left: HotSpot begins a native method only where {@code StackShadowPages} are, 80 KiB. */
    public static void require() {
        Thread.holdsLock(StackRoom.class);
    }
}
