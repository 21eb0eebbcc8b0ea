package dev.intaglio.runtime;

import dev.intaglio.runtime.memory.Stores;
import java.lang.invoke.MethodHandle;
import java.util.Map;

/** Stores through method handles; made once, because the JIT compiler sees through constants only. */
final class HandleStores extends Stores {
    private static MethodHandle put1;
    private static MethodHandle put2;
    private static MethodHandle put4;
    private static MethodHandle put8;

    /** Loaded when the fields above are set. */
    private static final class Constants {
        static final MethodHandle PUT1 = put1;
        static final MethodHandle PUT2 = put2;
        static final MethodHandle PUT4 = put4;
        static final MethodHandle PUT8 = put8;
    }

    /** {@code (long address, type value) void} for each type of value. */
    HandleStores(Map<Class<?>, MethodHandle> handles) {
        put1 = handles.get(byte.class);
        put2 = handles.get(short.class);
        put4 = handles.get(int.class);
        put8 = handles.get(long.class);
    }

    @Override
    public void put1(long address, byte value) {
        try {
            Constants.PUT1.invokeExact(address, value);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    @Override
    public void put2(long address, short value) {
        try {
            Constants.PUT2.invokeExact(address, value);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    @Override
    public void put4(long address, int value) {
        try {
            Constants.PUT4.invokeExact(address, value);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    @Override
    public void put8(long address, long value) {
        try {
            Constants.PUT8.invokeExact(address, value);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** A store declares no exception; what arrives here is an error of the JVM. */
    private static Error failed(Throwable e) {
        return e instanceof Error error ? error : new AssertionError(e);
    }
}
