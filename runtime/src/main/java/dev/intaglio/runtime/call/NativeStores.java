package dev.intaglio.runtime.call;

import dev.intaglio.runtime.memory.Stores;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.nio.Buffer;

/**
 * Stores at plain addresses: through a segment that is all of memory on Java 22 and later, where Unsafe begins to warn; through
 * {@code sun.misc.Unsafe} before.
 *
 * <p>The class that stores is written at run time, because this library is compiled for a Java that lacks the one and whose javac warns of
 * the other; reflection and method handles would cost a starting JVM tens of milliseconds.
 */
public final class NativeStores {
    private static final int FOREIGN_SINCE = 22;

    private static Object unsafe;

    private NativeStores() {}

    /** Fails in an image that has neither. */
    public static Stores open() throws ReflectiveOperationException {
        boolean foreign = Runtime.version().feature() >= FOREIGN_SINCE;
        if (!foreign) {
            Field instance = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
            instance.setAccessible(true);
            unsafe = instance.get(null);
        }
        MethodHandles.lookup().defineHiddenClass(ClassFile.storing("dev/intaglio/runtime/call/Storing", foreign), true);
        return Stores.takeFirst();
    }

    /** Where a direct buffer keeps its address, for the written class. */
    static Field addressField() throws NoSuchFieldException {
        return Buffer.class.getDeclaredField("address");
    }

    /** The {@code sun.misc.Unsafe}, for the written class. */
    static Object unsafe() {
        return unsafe;
    }
}
