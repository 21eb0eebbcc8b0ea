package dev.intaglio.runtime.call;

import com.sun.jna.Memory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.ref.Reference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Calls through static native methods that are registered (JNI RegisterNatives) to emitted trampolines: as fast as a native
 * method of a C library, on every JVM.
 */
final class RegisteredNatives implements Way {
    private static final int REGISTER_NATIVES = 215;
    private static final int EXCEPTION_CLEAR = 17;
    private static final String NAME = "dev/intaglio/runtime/call/Caller";

    private final Jni jni = Jni.functions();

    /** By descriptor: the hash of a record is linked when it is first asked for, which takes long. */
    private final Map<String, Long> trampolines = new ConcurrentHashMap<>();

    @Override
    public MethodHandle caller(Signature signature) throws ReflectiveOperationException {
        String descriptor = signature.addressed().toMethodDescriptorString();
        MethodHandles.Lookup lookup =
                MethodHandles.lookup().defineHiddenClass(ClassFile.withNative(NAME, ClassFile.CALL, descriptor), true);
        register(lookup.lookupClass(), ClassFile.CALL, signature);
        return lookup.findStatic(lookup.lookupClass(), ClassFile.CALL, signature.addressed());
    }

    /** Lets a static native method of type {@link Signature#addressed} call the address it gets first. */
    void register(Class<?> type, String called, Signature signature) {
        String descriptor = signature.addressed().toMethodDescriptorString();
        Long known = trampolines.get(descriptor);
        long trampoline = known != null ? known : jni.place(Trampoline.of(signature));
        trampolines.put(descriptor, trampoline);
        register(type, called, descriptor, trampoline);
    }

    private void register(Class<?> type, String called, String descriptor, long trampoline) {
        Memory name = Jni.text(called);
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
