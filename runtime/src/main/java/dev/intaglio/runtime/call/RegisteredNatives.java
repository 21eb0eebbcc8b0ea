package dev.intaglio.runtime.call;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Calls through static native methods that are registered (JNI RegisterNatives) to emitted trampolines: as fast as a native
 * method of a C library, on every JVM.
 */
final class RegisteredNatives implements Way {
    private static final int REGISTER_NATIVES = 215;
    private static final int EXCEPTION_CLEAR = 17;
    private static final String NAME = "dev/intaglio/runtime/call/Caller";

    private static final String PLAIN = "plain";
    private static final int METHOD_SIZE = 3 * Long.BYTES; // struct JNINativeMethod
    private static final int LONGEST_DESCRIPTOR = 64;

    /** {@code register}: {@code mov rsi, rdx; mov rdx, rcx; mov ecx, 1; mov rax, [rdi]; jmp [rax + 215 * 8]}. */
    private static final byte[] REGISTER = HexFormat.of().parseHex("4889d64889cab901000000488b07ffa0b8060000");

    private final Jni jni = Jni.functions();

    /** By descriptor, or {@link #PLAIN}: the hash of a record is linked when it is first asked for, which takes long. */
    private final Map<String, Long> trampolines = new ConcurrentHashMap<>();

    private final Memory called = Jni.text(ClassFile.CALL);

    /** A JNINativeMethod, and behind it its descriptor. */
    private final Memory method = new Memory(METHOD_SIZE + LONGEST_DESCRIPTOR);

    RegisteredNatives() {
        Memory register = Jni.text("register");
        method.setPointer(8, method.share(METHOD_SIZE));
        fill("(Ljava/lang/Class;J)I", jni.memory.place("intaglio register", REGISTER));
        method.setPointer(0, register);
        int result = jni.call(REGISTER_NATIVES, int.class, RegisteredNatives.class, method, 1);
        Reference.reachabilityFence(register); // the JVM reads it until it returns
        if (result != 0) {
            jni.call(EXCEPTION_CLEAR, void.class);
            throw new IllegalStateException("the JVM refused to register a native method: " + result);
        }
        method.setPointer(0, called);
    }

    /** RegisterNatives for one method. Through JNA it takes some tenths of a millisecond while that is interpreted. */
    private static native int register(Class<?> type, long method);

    /** Has the struct tell of a method of this type. */
    private void fill(String descriptor, long code) {
        byte[] text = descriptor.getBytes(StandardCharsets.US_ASCII);
        method.write(METHOD_SIZE, text, 0, text.length);
        method.setByte(METHOD_SIZE + text.length, (byte) 0);
        method.setLong(16, code);
    }

    @Override
    public MethodHandle caller(Signature signature) throws ReflectiveOperationException {
        String descriptor = signature.descriptor(true);
        MethodHandles.Lookup lookup =
                MethodHandles.lookup().defineHiddenClass(ClassFile.withNative(NAME, ClassFile.CALL, descriptor), true);
        register(lookup.lookupClass(), signature);
        return lookup.findStatic(lookup.lookupClass(), ClassFile.CALL, signature.addressed());
    }

    /** Lets the native method of a class, of type {@link Signature#addressed}, call the address it gets first. */
    void register(Class<?> type, Signature signature) {
        String descriptor = signature.descriptor(true);
        boolean isPlain = Trampoline.isPlain(signature);
        String key = isPlain ? PLAIN : descriptor;
        Long trampoline = trampolines.get(key);
        if (trampoline == null) {
            String name = isPlain ? "intaglio trampoline" : "intaglio trampoline " + signature.descriptor(false);
            trampoline = jni.memory.place(name, Trampoline.of(signature));
            trampolines.put(key, trampoline);
        }
        register(type, descriptor, trampoline);
    }

    /** A trampoline to the permanent code behind a gate; none where there is no room for one that serves a single piece. */
    OptionalLong trampolineTo(Gate gate, Signature signature) {
        return jni.memory.placeForOne("intaglio trampoline to " + gate.name(), Trampoline.to(gate.address, signature));
    }

    /** Lets the native method of a class, which has no address among its parameters, go through a trampoline of its own. */
    void registerPermanent(Class<?> type, Signature signature, long trampoline) {
        register(type, signature.descriptor(false), trampoline);
    }

    /** What the JVM refuses it throws. */
    private synchronized void register(Class<?> type, String descriptor, long trampoline) {
        fill(descriptor, trampoline);
        register(type, Pointer.nativeValue(method));
    }

    @Override
    public String describe() {
        return "native methods registered to emitted trampolines";
    }
}
