package dev.intaglio.runtime.call;

import java.lang.invoke.MethodHandles;

/**
 * Asks for stack before lists of free memory are changed: a {@link StackOverflowError} in the midst of a change would leave them half
 * changed, and memory could be given twice.
 *
 * <p>Its subclass is written at run time, for a method with a frame larger than Java source can ask for.
 */
public abstract class StackRoom {
    /** Stack slots, 16 KiB: more than the changes need, also while all of their code is interpreted. */
    private static final int SLOTS = 2048;

    private static StackRoom first;
    private static final StackRoom ROOM = define();

    /** Only the written class calls this. */
    protected StackRoom() {}

    /** Throws a {@link StackOverflowError} where little stack is left. */
    public static void require() {
        ROOM.take();
    }

    /** Takes the room and gives it back. */
    protected abstract void take();

    /**
     * Is called in the frame: compiled code asks for as much stack as interpreted frames would take, but only in methods that call
     * something which is not inlined, such as a native method.
     */
    protected static void touch() {
        Thread.holdsLock(StackRoom.class);
    }

    /** The initializer of the written class gives its object here. */
    protected static void first(StackRoom made) {
        first = made;
    }

    private static StackRoom define() {
        try {
            byte[] written = ClassFile.taking("dev/intaglio/runtime/call/Taking", SLOTS);
            MethodHandles.lookup().defineHiddenClass(written, true);
            return first;
        } catch (IllegalAccessException | LinkageError e) { // an image that defines no classes
            return new StackRoom() {
                @Override
                protected void take() {
                    touch();
                }
            };
        }
    }
}
