package dev.intaglio.runtime.call;

import com.sun.jna.Memory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.ref.Reference;

/**
 * Calls through static native methods that are registered (JNI RegisterNatives) to emitted trampolines: as fast as a native
 * method of a C library, on every JVM.
 */
final class RegisteredNatives implements Way {
    private static final int REGISTER_NATIVES = 215;
    private static final int EXCEPTION_CLEAR = 17;
    private static final String NAME = "dev/intaglio/runtime/call/Caller";
    private static final String METHOD = "call";

    private final Jni jni = Jni.functions();

    @Override
    public MethodHandle caller(Signature signature) throws ReflectiveOperationException {
        long trampoline = jni.place(Trampoline.of(signature));
        String descriptor = signature.addressed().toMethodDescriptorString();
        MethodHandles.Lookup lookup =
                MethodHandles.lookup().defineHiddenClass(ClassFile.withNative(NAME, METHOD, descriptor), true);
        register(lookup.lookupClass(), descriptor, trampoline);
        return lookup.findStatic(lookup.lookupClass(), METHOD, signature.addressed());
    }

    private void register(Class<?> type, String descriptor, long trampoline) {
        Memory name = Jni.text(METHOD);
        Memory signature = Jni.text(descriptor);
        Memory method = new Memory(3L * Long.BYTES); // struct JNINativeMethod
        method.setPointer(0, name);
        method.setPointer(8, signature);
        method.setLong(16, trampoline);
        int result = jni.call(REGISTER_NATIVES, int.class, type, method, 1);
        // The JVM reads both strings until it returns; their memory is freed when these are unreachable.
        Reference.reachabilityFence(name);
        Reference.reachabilityFence(signature);
        if (result != 0) {
            jni.call(EXCEPTION_CLEAR, void.class);
            throw new IllegalStateException(
                    "the JVM refused to register a native method " + descriptor + ": " + result);
        }
    }

    @Override
    public String describe() {
        return "native methods registered to emitted trampolines";
    }
}
