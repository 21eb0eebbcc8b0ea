package dev.intaglio.runtime.call;

import com.sun.jna.Memory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.Reference;
import java.lang.reflect.Method;

/**
 * Calls from emitted code into Java: through the Java Native Interface, or on request through a stub of {@code java.lang.foreign}. The stub
 * takes a third of the time, but what is thrown outside the guard around the function, as a {@link StackOverflowError} may be, ends the JVM
 * there; the code for JNI checks for exceptions.
 */
public final class Upcalls {
    /** {@code ffm} or {@code jni}. */
    static final String PROPERTY = "intaglio.upcalls";

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final String NAME = "dev/intaglio/runtime/call/Called";
    private static final String METHOD = "call";
    private static final int NEW_GLOBAL_REF = 21;
    private static final int DELETE_GLOBAL_REF = 22;
    private static final int GET_STATIC_METHOD_ID = 113;
    private static final int GET_JAVA_VM = 219;

    private Upcalls() {}

    /** Code that calls the function by the System V calling convention. */
    public static <T> UpcallEntry open(Class<T> type, T function) {
        return open(type, function, System.getProperty(PROPERTY, "jni"));
    }

    /** Code that calls the method. */
    public static UpcallEntry open(MethodHandle function) {
        Signature signature = Signature.of(function);
        return open(
                signature,
                Pending.guarding(function.asFixedArity().asType(signature.plain())),
                System.getProperty(PROPERTY, "jni"));
    }

    static <T> UpcallEntry open(Class<T> type, T function, String way) {
        Method method = Signature.method(type);
        Signature signature = Signature.of(method);
        try {
            method.trySetAccessible(); // an interface need not be public
            MethodHandle target = LOOKUP.unreflect(method).bindTo(function).asType(signature.plain());
            return open(signature, Pending.guarding(target), way);
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException(
                    type.getName() + " is not accessible: make it public and export or open its package", e);
        }
    }

    static UpcallEntry open(Signature signature, MethodHandle target, String way) {
        try {
            return switch (way) {
                case "ffm" -> throughForeignFunctions(signature, target);
                case "jni" -> throughJni(signature, target);
                default ->
                    throw new IllegalStateException(
                            "system property " + PROPERTY + " asks for '" + way + "'; leave it out, or use ffm or jni");
            };
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("no way to call Java as " + signature + ": " + Calls.reason(e), e);
        }
    }

    private static UpcallEntry throughForeignFunctions(Signature signature, MethodHandle target) {
        try {
            return new ForeignFunctions(false).upcall(signature, target);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "system property " + PROPERTY + " asks for 'ffm', which cannot be had: " + Calls.reason(e)
                            + "; leave it out, or use jni",
                    e);
        }
    }

    /** A static method of a hidden class of its own; the class lives as long as the global reference to it. */
    private static UpcallEntry throughJni(Signature signature, MethodHandle target) throws IllegalAccessException {
        Jni jni = Jni.functions();
        ForeignFunctions.expectPending();
        Class<?> called = LOOKUP.defineHiddenClassWithClassData(
                        ClassFile.calling(NAME, METHOD, signature), target, true)
                .lookupClass();
        MethodType type = signature.plain();
        Memory name = Jni.text(METHOD);
        Memory descriptor = Jni.text(type.toMethodDescriptorString());
        long id = jni.call(GET_STATIC_METHOD_ID, long.class, called, name, descriptor);
        Reference.reachabilityFence(name);
        Reference.reachabilityFence(descriptor);
        long reference = jni.call(NEW_GLOBAL_REF, long.class, called);
        return new UpcallEntry(
                UpcallStub.throughJni(signature, javaVm(jni), reference, id),
                () -> jni.call(DELETE_GLOBAL_REF, void.class, reference));
    }

    private static long javaVm(Jni jni) {
        try (Memory vm = new Memory(Long.BYTES)) {
            int result = jni.call(GET_JAVA_VM, int.class, vm);
            if (result != 0) {
                throw new IllegalStateException("the JVM does not tell its address: " + result);
            }
            return vm.getLong(0);
        }
    }
}
