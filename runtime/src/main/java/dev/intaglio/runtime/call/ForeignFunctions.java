package dev.intaglio.runtime.call;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.SwitchPoint;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.List;

/** Calls through {@code java.lang.foreign}, found by reflection: this library is compiled for a Java that lacks it. */
final class ForeignFunctions implements Way {
    private static final String PACKAGE = "java.lang.foreign.";

    /** Valid until emitted code can call Java through JNI. */
    private static final SwitchPoint NOTHING_PENDING = new SwitchPoint();

    private final Object linker;
    private final Class<?> layouts;
    private final Class<?> values;
    private final Class<?> descriptors;
    private final Method downcallHandle;
    private final MethodHandle segmentAt;
    private final Object noOptions;
    private final Object[] options;

    /** {@code critical}: calls are made from Java's own state, without a transition to native code. */
    ForeignFunctions(boolean critical) throws ReflectiveOperationException {
        if (Runtime.version().feature() < 22) {
            throw new ClassNotFoundException("java.lang.foreign is final only since Java 22");
        }
        layouts = type("MemoryLayout");
        values = type("ValueLayout");
        descriptors = type("FunctionDescriptor");
        Class<?> linkers = type("Linker");
        Class<?> options = type("Linker$Option");
        Class<?> segments = type("MemorySegment");
        linker = linkers.getMethod("nativeLinker").invoke(null);
        noOptions = Array.newInstance(options, 0);
        Object[] chosen = (Object[]) Array.newInstance(options, critical ? 1 : 0);
        if (critical) {
            chosen[0] = options.getMethod("critical", boolean.class).invoke(null, false); // no arrays of the heap
        }
        this.options = chosen;
        downcallHandle = linkers.getMethod("downcallHandle", descriptors, noOptions.getClass());
        segmentAt = MethodHandles.publicLookup()
                .findStatic(segments, "ofAddress", MethodType.methodType(segments, long.class));
    }

    private static Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName(PACKAGE + name);
    }

    @Override
    public MethodHandle caller(Signature signature) throws ReflectiveOperationException {
        Object descriptor = descriptor(signature.result(), signature.parameters());
        MethodHandle linked = (MethodHandle) downcallHandle.invoke(linker, descriptor, options);
        MethodHandle handle =
                MethodHandles.filterArguments(linked, 0, segmentAt).asType(signature.addressed());
        boolean critical = options.length > 0; // and never calls Java
        return critical ? handle : NOTHING_PENDING.guardWithTest(handle, throwing(handle));
    }

    /**
     * From now on calls check for exceptions when they return: what JNI leaves pending in the JVM, such as a {@link StackOverflowError}
     * that comes before there is a handler, is thrown behind a native method but not behind a foreign function.
     */
    static void expectPending() {
        if (!NOTHING_PENDING.hasBeenInvalidated()) {
            SwitchPoint.invalidateAll(new SwitchPoint[] {NOTHING_PENDING});
        }
    }

    private static MethodHandle throwing(MethodHandle handle) throws ReflectiveOperationException {
        Class<?> result = handle.type().returnType();
        MethodHandle throwPending = MethodHandles.lookup()
                .findStatic(ForeignFunctions.class, "throwPending", MethodType.methodType(void.class));
        return MethodHandles.filterReturnValue(
                handle,
                result == void.class
                        ? throwPending
                        : MethodHandles.foldArguments(
                                MethodHandles.identity(result), MethodHandles.dropArguments(throwPending, 0, result)));
    }

    /** Calls a native method, behind which the JVM throws; any will do. */
    private static void throwPending() {
        Runtime.getRuntime().maxMemory();
    }

    /** A stub of the linker that calls a handle of type {@link Signature#plain}, and what frees it. */
    UpcallEntry upcall(Signature signature, MethodHandle target) throws ReflectiveOperationException {
        Class<?> arenas = type("Arena");
        Object arena = arenas.getMethod("ofShared").invoke(null);
        Object stub = type("Linker")
                .getMethod("upcallStub", MethodHandle.class, descriptors, arenas, noOptions.getClass())
                .invoke(linker, target, descriptor(signature.result(), signature.parameters()), arena, noOptions);
        long address = (Long) type("MemorySegment").getMethod("address").invoke(stub);
        Method close = arenas.getMethod("close");
        return new UpcallEntry(UpcallStub.jump(address), () -> {
            try {
                close.invoke(arena);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("the stub of an upcall cannot be freed", e);
            }
        });
    }

    private Object descriptor(Kind result, List<Kind> parameters) throws ReflectiveOperationException {
        Object array = Array.newInstance(layouts, parameters.size());
        for (int i = 0; i < parameters.size(); i++) {
            Array.set(array, i, layout(parameters.get(i)));
        }
        return result == Kind.VOID
                ? descriptors.getMethod("ofVoid", array.getClass()).invoke(null, array)
                : descriptors.getMethod("of", layouts, array.getClass()).invoke(null, layout(result), array);
    }

    private Object layout(Kind kind) throws ReflectiveOperationException {
        return values.getField("JAVA_" + kind.name()).get(null);
    }

    @Override
    public String describe() {
        return "java.lang.foreign downcalls" + (options.length == 0 ? "" : ", critical");
    }
}
