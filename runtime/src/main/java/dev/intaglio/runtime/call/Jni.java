package dev.intaglio.runtime.call;

import com.sun.jna.Function;
import com.sun.jna.JNIEnv;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The function table of the Java Native Interface, and memory for the code that uses it; both as long as the JVM lives. */
final class Jni {
    private static final byte[] RETURN_FIRST_ARGUMENT = {0x48, (byte) 0x89, (byte) 0xf8, (byte) 0xc3};
    private static final Map<String, Object> OBJECTS = Map.of(Library.OPTION_ALLOW_OBJECTS, true);

    /** For the code that uses it. */
    final CallMemory memory = CallMemory.open();

    private final Pointer functions;

    private Jni() {
        Function first = Function.getFunction(new Pointer(memory.place("intaglio environment", RETURN_FIRST_ARGUMENT)));
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
}
