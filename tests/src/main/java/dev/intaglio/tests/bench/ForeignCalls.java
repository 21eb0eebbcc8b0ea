package dev.intaglio.tests.bench;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.function.Consumer;

/**
 * {@code long add(long, long)} through {@code java.lang.foreign} (Java 22 and later) as fast as it can be: the handles and the address in
 * them are constants to the JIT compiler. Found by reflection, since this is compiled for a Java that lacks it.
 */
final class ForeignCalls {
    private static final String PACKAGE = "java.lang.foreign.";

    /** Of the function; set before the handles are made, and never again. */
    private static long address;

    private ForeignCalls() {}

    /** Made when they are first asked for. */
    private static final class Handles {
        static final MethodHandle PLAIN = handle(function(), false);
        static final MethodHandle CRITICAL = handle(function(), true);
        static final MethodHandle CONFINED = handle(functionOf("ofConfined"), false);
        static final MethodHandle SHARED = handle(functionOf("ofShared"), false);
    }

    /** Tells where the function is. */
    static void link(long function) {
        address = function;
    }

    static long add(long a, long b) {
        try {
            return (long) Handles.PLAIN.invokeExact(a, b);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** The function belongs to an arena that this thread may close. */
    static long addConfined(long a, long b) {
        try {
            return (long) Handles.CONFINED.invokeExact(a, b);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** The function belongs to an arena that any thread may close. */
    static long addShared(long a, long b) {
        try {
            return (long) Handles.SHARED.invokeExact(a, b);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    static long addCritical(long a, long b) {
        try {
            return (long) Handles.CRITICAL.invokeExact(a, b);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object function() {
        try {
            Class<?> segments = type("MemorySegment");
            return MethodHandles.publicLookup()
                    .findStatic(segments, "ofAddress", MethodType.methodType(segments, long.class))
                    .invoke(address);
        } catch (Throwable e) {
            throw new IllegalStateException("no address of java.lang.foreign", e);
        }
    }

    /** The function as part of a new arena, as which it cannot be called once that is closed, nor that be closed while it is called. */
    private static Object functionOf(String arena) {
        try {
            Class<?> arenas = type("Arena");
            return type("MemorySegment")
                    .getMethod("reinterpret", arenas, Consumer.class)
                    .invoke(function(), arenas.getMethod(arena).invoke(null), null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no arena of java.lang.foreign", e);
        }
    }

    private static MethodHandle handle(Object function, boolean critical) {
        try {
            Class<?> layouts = type("MemoryLayout");
            Class<?> options = type("Linker$Option");
            Class<?> segments = type("MemorySegment");
            Object number = type("ValueLayout").getField("JAVA_LONG").get(null);
            Object parameters = Array.newInstance(layouts, 2);
            Array.set(parameters, 0, number);
            Array.set(parameters, 1, number);
            Class<?> descriptors = type("FunctionDescriptor");
            Object descriptor =
                    descriptors.getMethod("of", layouts, parameters.getClass()).invoke(null, number, parameters);
            Object chosen = Array.newInstance(options, critical ? 1 : 0);
            if (critical) {
                Array.set(
                        chosen, 0, options.getMethod("critical", boolean.class).invoke(null, false));
            }
            Class<?> linkers = type("Linker");
            Method downcall = linkers.getMethod("downcallHandle", segments, descriptors, chosen.getClass());
            return (MethodHandle)
                    downcall.invoke(linkers.getMethod("nativeLinker").invoke(null), function, descriptor, chosen);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no handle of java.lang.foreign", e);
        }
    }

    private static Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName(PACKAGE + name);
    }
}
