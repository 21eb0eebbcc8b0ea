package dev.intaglio.runtime;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * Little-endian stores at plain addresses: no array and no bounds check, so that a store of emitted bytes is one
 * instruction. Emitters check their room before, and {@link Section} keeps a guard behind what it has room for.
 *
 * <p>What does the store is found by reflection, because this library is compiled for a Java that lacks {@code
 * java.lang.foreign} and should not name {@code Unsafe}: a segment that is all of memory on 22 and later, where Unsafe begins
 * to warn; {@code sun.misc.Unsafe} before; JNA in an image that has neither.
 */
final class NativeMemory {
    private static final int FOREIGN_SINCE = 22;
    private static final String FOREIGN = "java.lang.foreign.";

    private static final MethodHandle PUT1;
    private static final MethodHandle PUT2;
    private static final MethodHandle PUT4;
    private static final MethodHandle PUT8;

    static {
        Map<Class<?>, MethodHandle> stores = stores();
        PUT1 = stores.get(byte.class);
        PUT2 = stores.get(short.class);
        PUT4 = stores.get(int.class);
        PUT8 = stores.get(long.class);
    }

    private NativeMemory() {}

    static void put1(long address, byte value) {
        try {
            PUT1.invokeExact(address, value);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    static void put2(long address, short value) {
        try {
            PUT2.invokeExact(address, value);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    static void put4(long address, int value) {
        try {
            PUT4.invokeExact(address, value);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    static void put8(long address, long value) {
        try {
            PUT8.invokeExact(address, value);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** The address of a direct buffer's first byte, good as long as the buffer is reachable. */
    static long address(ByteBuffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
    }

    /** A store declares no exception; what arrives here is an error of the JVM. */
    private static Error failed(Throwable e) {
        return e instanceof Error error ? error : new AssertionError(e);
    }

    /** {@code (long address, type value) void} for each type of value. */
    private static Map<Class<?>, MethodHandle> stores() {
        try {
            return Runtime.version().feature() >= FOREIGN_SINCE ? foreign() : unsafe();
        } catch (ReflectiveOperationException e) {
            return pointer();
        }
    }

    private static Map<Class<?>, MethodHandle> unsafe() throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.misc.Unsafe");
        Field instance = type.getDeclaredField("theUnsafe");
        instance.setAccessible(true);
        Object unsafe = instance.get(null);
        Map<Class<?>, MethodHandle> stores = new HashMap<>();
        for (var store : Map.of(
                        "putByte", byte.class, "putShort", short.class, "putInt", int.class, "putLong", long.class)
                .entrySet()) {
            MethodType shape = MethodType.methodType(void.class, long.class, store.getValue());
            stores.put(store.getValue(), MethodHandles.publicLookup().bind(unsafe, store.getKey(), shape));
        }
        return stores;
    }

    private static Map<Class<?>, MethodHandle> foreign() throws ReflectiveOperationException {
        Class<?> segments = Class.forName(FOREIGN + "MemorySegment");
        Object all = segments.getMethod("reinterpret", long.class)
                .invoke(segments.getField("NULL").get(null), Long.MAX_VALUE);
        Map<Class<?>, MethodHandle> stores = new HashMap<>();
        for (Class<?> type : new Class<?>[] {byte.class, short.class, int.class, long.class}) {
            String layout = "JAVA_" + type.getName().toUpperCase(java.util.Locale.ROOT)
                    + (type == byte.class ? "" : "_UNALIGNED");
            stores.put(
                    type,
                    MethodHandles.insertArguments(layoutSetter(layout), 0, all)
                            .asType(MethodType.methodType(void.class, long.class, type)));
        }
        return stores;
    }

    /** {@code (MemorySegment, long offset, type value) void}. */
    private static MethodHandle layoutSetter(String layout) throws ReflectiveOperationException {
        Class<?> values = Class.forName(FOREIGN + "ValueLayout");
        Class<?> layouts = Class.forName(FOREIGN + "MemoryLayout");
        Object noPath = Array.newInstance(Class.forName(FOREIGN + "MemoryLayout$PathElement"), 0);
        Object ordered = values.getMethod("withOrder", ByteOrder.class)
                .invoke(values.getField(layout).get(null), ByteOrder.LITTLE_ENDIAN);
        VarHandle field =
                (VarHandle) layouts.getMethod("varHandle", noPath.getClass()).invoke(ordered, noPath);
        return field.toMethodHandle(VarHandle.AccessMode.SET);
    }

    private static Map<Class<?>, MethodHandle> pointer() {
        try {
            Map<Class<?>, MethodHandle> stores = new HashMap<>();
            for (var store : Map.of(
                            "setByte", byte.class, "setShort", short.class, "setInt", int.class, "setLong", long.class)
                    .entrySet()) {
                MethodType shape = MethodType.methodType(void.class, long.class, store.getValue());
                stores.put(
                        store.getValue(),
                        MethodHandles.publicLookup()
                                .findVirtual(Pointer.class, store.getKey(), shape)
                                .bindTo(new Pointer(0)));
            }
            return stores;
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("JNA is not what this library was compiled with: " + e.getMessage(), e);
        }
    }
}
