package dev.intaglio.tests.bench;

import com.sun.jna.Function;
import com.sun.jna.JNIEnv;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.SymbolProvider;
import java.lang.ref.Reference;
import java.util.Map;

/** Others' ways to call {@code long add(long, long)}: a plain native method, and JNA's direct mapping. */
public final class PlainNatives {
    private static final int REGISTER_NATIVES = 215;
    private static final Map<String, Object> OBJECTS = Map.of(Library.OPTION_ALLOW_OBJECTS, true);

    private PlainNatives() {}

    /** As a C library's method: the JVM calls the code as it is. */
    static final class Jni {
        private Jni() {}

        static native long add(long a, long b);
    }

    /** Mapped by JNA. */
    static final class Direct {
        private Direct() {}

        static native long add(long a, long b);
    }

    /** The function that was registered. */
    public static long add(long a, long b) {
        return Jni.add(a, b);
    }

    /** Registers code with the calling convention of static native methods; {@code same} gives back its first argument. */
    public static void registerJni(long same, long code) {
        long environment = (Long)
                Function.getFunction(new Pointer(same)).invoke(long.class, new Object[] {JNIEnv.CURRENT}, OBJECTS);
        Memory name = text("add");
        Memory descriptor = text("(JJ)J");
        Memory method = new Memory(3L * Long.BYTES);
        method.setPointer(0, name);
        method.setPointer(8, descriptor);
        method.setLong(16, code);
        Pointer register = new Pointer(environment).getPointer(0).getPointer(8L * REGISTER_NATIVES);
        int status = (Integer) Function.getFunction(register)
                .invoke(int.class, new Object[] {JNIEnv.CURRENT, Jni.class, method, 1}, OBJECTS);
        Reference.reachabilityFence(name);
        Reference.reachabilityFence(descriptor);
        if (status != 0) {
            throw new IllegalStateException("RegisterNatives: " + status);
        }
    }

    /** Maps the code at the address. */
    static void registerDirect(long code) {
        SymbolProvider provider = (handle, name, parent) -> code;
        Native.register(
                Direct.class, NativeLibrary.getInstance(null, Map.of(Library.OPTION_SYMBOL_PROVIDER, provider)));
    }

    private static Memory text(String text) {
        Memory memory = new Memory(text.length() + 1L);
        memory.setString(0, text);
        return memory;
    }
}
