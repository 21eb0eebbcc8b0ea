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

    private static final String PLAIN = "plain";
    private static final int METHOD_SIZE = 3 * Long.BYTES; // struct JNINativeMethod

    /** By descriptor, or {@link #PLAIN}: the hash of a record is linked when it is first asked for, which takes long. */
    private final Map<String, Long> trampolines = new ConcurrentHashMap<>();

    private final Memory called = Jni.text(ClassFile.CALL);

    @Override
    public MethodHandle caller(Signature signature) throws ReflectiveOperationException {
        String descriptor = signature.addressed().toMethodDescriptorString();
        MethodHandles.Lookup lookup =
                MethodHandles.lookup().defineHiddenClass(ClassFile.withNative(NAME, ClassFile.CALL, descriptor), true);
        register(lookup.lookupClass(), signature);
        return lookup.findStatic(lookup.lookupClass(), ClassFile.CALL, signature.addressed());
    }

    /** Lets the native method of a class, of type {@link Signature#addressed}, call the address it gets first. */
    void register(Class<?> type, Signature signature) {
        String descriptor = signature.addressed().toMethodDescriptorString();
        boolean isPlain = Trampoline.isPlain(signature);
        String key = isPlain ? PLAIN : descriptor;
        Long trampoline = trampolines.get(key);
        if (trampoline == null) {
            String name = isPlain
                    ? "intaglio trampoline"
                    : "intaglio trampoline " + signature.plain().toMethodDescriptorString();
            trampoline = jni.place(name, Trampoline.of(signature));
            trampolines.put(key, trampoline);
        }
        register(type, descriptor, trampoline);
    }

    private void register(Class<?> type, String descriptor, long trampoline) {
        Memory method = Jni.text(METHOD_SIZE, descriptor);
        method.setPointer(0, called);
        method.setPointer(8, method.share(METHOD_SIZE));
        method.setLong(16, trampoline);
        int result = jni.call(REGISTER_NATIVES, int.class, type, method, 1);
        Reference.reachabilityFence(method); // the JVM reads it until it returns
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
