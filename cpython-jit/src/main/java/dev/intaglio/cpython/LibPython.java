package dev.intaglio.cpython;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.file.Path;
import java.util.Map;

/** A loaded libpython: its functions and variables by name. */
final class LibPython {
    private static final int RTLD_NOW = 0x2;
    /** Extension modules find libpython's symbols only among the global ones. */
    private static final int RTLD_GLOBAL = 0x100;

    private static final String VERSION = "3.11.";

    private final NativeLibrary library;

    private LibPython(NativeLibrary library) {
        this.library = library;
    }

    /** Loads it; another version than 3.11 is refused. */
    static LibPython load(Path path) {
        NativeLibrary library;
        try {
            library = NativeLibrary.getInstance(
                    path.toAbsolutePath().toString(), Map.of(Library.OPTION_OPEN_FLAGS, RTLD_NOW | RTLD_GLOBAL));
        } catch (UnsatisfiedLinkError e) {
            throw new HostException("cannot load " + path + ": " + e.getMessage(), e);
        }
        LibPython python = new LibPython(library);
        String version = python.version(path);
        if (!version.startsWith(VERSION)) {
            throw new HostException(path + " is Python " + version + ", but only 3.11 can be hosted:"
                    + " leave --libpython away to use the one that comes along");
        }
        return python;
    }

    private String version(Path path) {
        try {
            return ((Pointer) function("Py_GetVersion").invoke(Pointer.class, new Object[0])).getString(0);
        } catch (UnsatisfiedLinkError e) {
            throw new HostException(path + " is not a libpython: it has no function Py_GetVersion", e);
        }
    }

    /** The function of this name. */
    Function function(String name) {
        return library.getFunction(name);
    }

    /** The address of a function or a variable. */
    long address(String name) {
        return Pointer.nativeValue(library.getGlobalVariableAddress(name));
    }

    /** Calls a function that returns a pointer or a long. */
    long call(String name, Object... arguments) {
        return (Long) function(name).invoke(Long.class, arguments);
    }

    /** Calls a function that returns an int. */
    int callInt(String name, Object... arguments) {
        return (Integer) function(name).invoke(Integer.class, arguments);
    }
}
