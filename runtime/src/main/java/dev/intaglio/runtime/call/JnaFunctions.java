package dev.intaglio.runtime.call;

import com.sun.jna.Function;
import com.sun.jna.Pointer;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Calls through JNA's interpreted calling convention: slow, and available wherever this library runs. */
final class JnaFunctions implements Way {

    @Override
    public MethodHandle caller(Signature signature) throws ReflectiveOperationException {
        String method = "call" + signature.result().name();
        MethodType generic = MethodType.methodType(signature.result().type(), long.class, Object[].class);
        return MethodHandles.lookup()
                .findStatic(JnaFunctions.class, method, generic)
                .asCollector(Object[].class, signature.parameters().size())
                .asType(signature.addressed());
    }

    static long callLONG(long address, Object... arguments) {
        return at(address).invokeLong(passed(arguments));
    }

    static int callINT(long address, Object... arguments) {
        return at(address).invokeInt(passed(arguments));
    }

    static double callDOUBLE(long address, Object... arguments) {
        return at(address).invokeDouble(passed(arguments));
    }

    /** Only the low byte of a returned bool means anything (System V ABI, 3.2.3). */
    static boolean callBOOLEAN(long address, Object... arguments) {
        return (at(address).invokeInt(passed(arguments)) & 0xff) != 0;
    }

    static void callVOID(long address, Object... arguments) {
        at(address).invokeVoid(passed(arguments));
    }

    private static Function at(long address) {
        return Function.getFunction(new Pointer(address));
    }

    private static Object[] passed(Object... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i] instanceof Boolean flag) {
                arguments[i] = flag ? 1 : 0;
            }
        }
        return arguments;
    }

    @Override
    public String describe() {
        return "JNA functions";
    }
}
