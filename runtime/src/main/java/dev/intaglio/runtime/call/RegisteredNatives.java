package dev.intaglio.runtime.call;

import com.sun.jna.Function;
import com.sun.jna.JNIEnv;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.intaglio.runtime.memory.CodeMemory;
import dev.intaglio.runtime.memory.MemoryPlan;
import dev.intaglio.runtime.memory.MemoryRefusedException;
import dev.intaglio.runtime.memory.Region;
import dev.intaglio.runtime.memory.Window;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Calls through static native methods that are registered (JNI RegisterNatives) to emitted trampolines: as fast as a native
 * method of a C library, on every JVM.
 */
final class RegisteredNatives implements Way {
    private static final int MEMORY = 1 << 20;
    /** No trampoline is longer. */
    private static final int LONGEST = 1024;

    private static final int REGISTER_NATIVES = 215;
    private static final int EXCEPTION_CLEAR = 17;
    private static final byte[] RETURN_FIRST_ARGUMENT = {0x48, (byte) 0x89, (byte) 0xf8, (byte) 0xc3};
    private static final Map<String, Object> OBJECTS = Map.of(Library.OPTION_ALLOW_OBJECTS, true);
    private static final String NAME = "dev/intaglio/runtime/call/Caller";
    private static final String METHOD = "call";

    /** Trampolines live as long as the JVM: the classes that are registered to them are shared by all caches. */
    private final CodeMemory memory = memory();

    private final Pointer functions;

    /** Where the next trampoline goes. */
    private Window window;

    /** Trampolines are written once in a while, so that memory without a writable view costs nothing. */
    private static CodeMemory memory() {
        try {
            return CodeMemory.open(new MemoryPlan("intaglio-calls", MEMORY, 16, true));
        } catch (MemoryRefusedException e) {
            return CodeMemory.open(new MemoryPlan("intaglio-calls", MEMORY, 16, false));
        }
    }

    RegisteredNatives() {
        long environment = (Long)
                function(place(RETURN_FIRST_ARGUMENT)).invoke(long.class, new Object[] {JNIEnv.CURRENT}, OBJECTS);
        functions = new Pointer(environment).getPointer(0);
    }

    @Override
    public MethodHandle caller(Signature signature) throws ReflectiveOperationException {
        long trampoline = place(Trampoline.of(signature));
        String descriptor = signature.addressed().toMethodDescriptorString();
        MethodHandles.Lookup lookup =
                MethodHandles.lookup().defineHiddenClass(ClassFile.withNative(NAME, METHOD, descriptor), true);
        register(lookup.lookupClass(), descriptor, trampoline);
        return lookup.findStatic(lookup.lookupClass(), METHOD, signature.addressed());
    }

    private void register(Class<?> type, String descriptor, long trampoline) {
        Memory name = text(METHOD);
        Memory signature = text(descriptor);
        Memory method = new Memory(3L * Long.BYTES); // struct JNINativeMethod
        method.setPointer(0, name);
        method.setPointer(8, signature);
        method.setLong(16, trampoline);
        int result = (Integer)
                entry(REGISTER_NATIVES).invoke(int.class, new Object[] {JNIEnv.CURRENT, type, method, 1}, OBJECTS);
        // The JVM reads both strings until it returns; their memory is freed when these are unreachable.
        Reference.reachabilityFence(name);
        Reference.reachabilityFence(signature);
        if (result != 0) {
            entry(EXCEPTION_CLEAR).invoke(void.class, new Object[] {JNIEnv.CURRENT}, OBJECTS);
            throw new IllegalStateException(
                    "the JVM refused to register a native method " + descriptor + ": " + result);
        }
    }

    private Function entry(int slot) {
        return Function.getFunction(functions.getPointer((long) slot * Long.BYTES));
    }

    private static Function function(long address) {
        return Function.getFunction(new Pointer(address));
    }

    private static Memory text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        Memory memory = new Memory(bytes.length + 1L);
        memory.write(0, bytes, 0, bytes.length);
        memory.setByte(bytes.length, (byte) 0);
        return memory;
    }

    private synchronized long place(byte[] code) {
        Window place = window != null ? window : window(memory.acquire(Region.HOT, LONGEST));
        memory.write(place, ByteBuffer.wrap(code));
        window = window(memory.next(place, code.length, LONGEST));
        return place.address();
    }

    private static Window window(Optional<Window> found) {
        return found.orElseThrow(() -> new IllegalStateException("no room for another trampoline"));
    }

    @Override
    public String describe() {
        return "native methods registered to emitted trampolines";
    }
}
