package dev.intaglio.runtime.call;

import dev.intaglio.runtime.memory.Stores;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;

/**
 * Stores through {@code sun.misc.Unsafe} before Java 22. The class that calls it is written at run time: javac warns where a source
 * names it, and the first use of a method handle takes longer than the first thousand stencils.
 */
public final class UnsafeStores {
    private static Object unsafe;

    private UnsafeStores() {}

    /** What the written class calls. */
    public static final class Constants {
        /** A {@code sun.misc.Unsafe}. */
        public static final Object UNSAFE = unsafe;

        private Constants() {}
    }

    /** Fails in an image without {@code jdk.unsupported}. */
    public static Stores open() throws ReflectiveOperationException {
        Field instance = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
        instance.setAccessible(true);
        unsafe = instance.get(null);
        MethodHandles.lookup().defineHiddenClass(ClassFile.storing("dev/intaglio/runtime/call/Storing"), true);
        return Stores.takeFirst();
    }
}
