package dev.intaglio.runtime.memory;

import com.sun.jna.Native;
import java.util.Optional;

/** Whether this JVM lets JNA be used, found out once: a class that could not be initialized tells why only the first time. */
public final class NativeAccess {
    private static final Optional<Throwable> REFUSAL = refusal();

    private NativeAccess() {}

    /**
     * Loads JNA's native library, unless that has been done.
     *
     * @throws MemoryRefusedException each time, where it cannot be loaded
     */
    public static void require() {
        if (REFUSAL.isPresent()) {
            throw new MemoryRefusedException(explain(REFUSAL.get()), REFUSAL.get());
        }
    }

    private static String explain(Throwable refusal) {
        return refusal instanceof ClassNotFoundException
                ? "JNA is not on the class path or module path: add net.java.dev.jna:jna"
                : "JNA cannot load its native library: " + refusal
                        + "; if the temporary folder forbids execution, set -Djna.tmpdir=FOLDER, and from Java 22 on allow native"
                        + " access: --enable-native-access=ALL-UNNAMED, or for modules"
                        + " --enable-native-access=dev.intaglio.runtime,com.sun.jna";
    }

    private static Optional<Throwable> refusal() {
        try {
            Native.getNativeSize(long.class); // initializes the class
            return Optional.empty();
        } catch (LinkageError e) {
            Throwable root = e;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            return Optional.of(root);
        }
    }
}
