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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** The function table of the Java Native Interface, and memory for the code that uses it; both as long as the JVM lives. */
final class Jni {
    private static final int MEMORY = 1 << 20;
    /** No trampoline is longer. */
    private static final int LONGEST = 1024;

    private static final byte[] RETURN_FIRST_ARGUMENT = {0x48, (byte) 0x89, (byte) 0xf8, (byte) 0xc3};
    private static final Map<String, Object> OBJECTS = Map.of(Library.OPTION_ALLOW_OBJECTS, true);

    private final CodeMemory memory = memory();
    private final Pointer functions;

    /** Where the next trampoline goes. */
    private Window window;

    private Jni() {
        Function first = Function.getFunction(new Pointer(place("intaglio environment", RETURN_FIRST_ARGUMENT)));
        long environment = (Long) first.invoke(long.class, new Object[] {JNIEnv.CURRENT}, OBJECTS);
        functions = new Pointer(environment).getPointer(0);
    }

    private static final class Holder {
        static final Jni INSTANCE = new Jni();
    }

    /** Those of this JVM. */
    static Jni functions() {
        return Holder.INSTANCE;
    }

    /** Trampolines are written once in a while, so that memory without a writable view costs nothing; but perf knows no names there. */
    private static CodeMemory memory() {
        try {
            return CodeMemory.open(new MemoryPlan("intaglio-calls", MEMORY, 16, !CodeMemory.isForPerf()));
        } catch (MemoryRefusedException e) {
            return CodeMemory.open(new MemoryPlan("intaglio-calls", MEMORY, 16, false));
        }
    }

    /** Calls the function in a slot of the table with the environment of this thread and these, objects as references. */
    @SuppressWarnings("unchecked") // the class may be that of a primitive
    <T> T call(int slot, Class<T> result, Object... arguments) {
        Object[] all = new Object[arguments.length + 1];
        all[0] = JNIEnv.CURRENT;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return (T) Function.getFunction(functions.getPointer((long) slot * Long.BYTES))
                .invoke(result, all, OBJECTS);
    }

    /** A C string; its memory lives as long as the object. */
    static Memory text(String text) {
        return text(0, text);
    }

    /** A C string behind so many bytes for something else. */
    static Memory text(int before, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        Memory memory = new Memory(before + bytes.length + 1L);
        memory.write(before, bytes, 0, bytes.length);
        memory.setByte(before + bytes.length, (byte) 0);
        return memory;
    }

    /** Copies code to where it can run, under a name for native tools; returns its address. */
    synchronized long place(String name, byte[] code) {
        Window place = window != null ? window : window(memory.acquire(Region.HOT, LONGEST));
        memory.write(place, ByteBuffer.wrap(code));
        window = window(memory.next(place, code.length, LONGEST));
        OwnCode.add(new OwnCode.Piece(name, place.address(), code.length));
        return place.address();
    }

    private static Window window(Optional<Window> found) {
        if (found.isEmpty()) {
            throw new IllegalStateException(
                    "there is no room for another trampoline: all of a JVM have " + MEMORY + " bytes");
        }
        return found.get();
    }
}
