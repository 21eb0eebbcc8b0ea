package dev.intaglio.runtime;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.intaglio.runtime.call.UnsafeStores;
import dev.intaglio.runtime.memory.Stores;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Array;
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

    private static final Stores STORES = stores();

    private NativeMemory() {}

    static void put1(long address, byte value) {
        STORES.put1(address, value);
    }

    static void put2(long address, short value) {
        STORES.put2(address, value);
    }

    static void put4(long address, int value) {
        STORES.put4(address, value);
    }

    static void put8(long address, long value) {
        STORES.put8(address, value);
    }

    /** The address of a direct buffer's first byte, good as long as the buffer is reachable. */
    static long address(ByteBuffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
    }

    private static Stores stores() {
        try {
            return Runtime.version().feature() >= FOREIGN_SINCE ? new HandleStores(foreign()) : UnsafeStores.open();
        } catch (ReflectiveOperationException | LinkageError e) {
            return new HandleStores(pointer());
        }
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
