package dev.intaglio.runtime.call;

import java.lang.invoke.MethodHandle;

/** A way to call an address from Java. */
sealed interface Way permits RegisteredNatives, ForeignFunctions, JnaFunctions {

    /** A handle of type {@link Signature#addressed}: it calls the address it gets first. */
    MethodHandle caller(Signature signature) throws ReflectiveOperationException;

    /** For a person. */
    String describe();
}
