package dev.intaglio.runtime.call;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;

/**
 * Makes objects of functional interfaces that call emitted code through its gate.
 *
 * <p>Each interface gets one hidden class, whose method is a call of a constant method handle that the JIT compiler sees
 * through: in, call, out. The class lies in this package for public interfaces, beside the interface for others, and where
 * neither can be a {@link Proxy} does the same more slowly.
 */
public final class Binder {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final MethodHandle IS_OWNED = gate("isOwned", MethodType.methodType(boolean.class));
    private static final MethodHandle ENTER_OWNED = gate("enterOwned", MethodType.methodType(int.class));
    private static final MethodHandle EXIT_OWNED = gate("exitOwned", MethodType.methodType(void.class, int.class));
    private static final MethodHandle ENTRY = gate("entry", MethodType.methodType(long.class));
    private static final MethodHandle ENTER = gate("enter", MethodType.methodType(long.class));
    private static final MethodHandle EXIT = gate("exit", MethodType.methodType(void.class));

    private static final MethodHandle RETHROW = Pending.rethrowing();

    private static final ClassValue<Binder> BINDERS = new ClassValue<>() {
        @Override
        protected Binder computeValue(Class<?> type) {
            return new Binder(type, Calls.way());
        }
    };

    private final Class<?> type;
    /** {@code (Object gate, parameters) result}. */
    private final MethodHandle guarded;
    /** {@code (Object gate) Object}. */
    private final MethodHandle maker;

    Binder(Class<?> type, Calls calls) {
        this.type = type;
        Method method = Signature.method(type);
        Signature signature = Signature.of(method);
        guarded = guarded(calls.caller(signature), signature);
        maker = maker(method, signature);
    }

    /** An object whose one method calls the code behind the gate. */
    public static <T> T bind(Class<T> type, Gate gate) {
        return type.cast(BINDERS.get(type).make(gate));
    }

    /** How calls are made in this JVM. */
    public static String way() {
        return Calls.way().describe();
    }

    Object make(Gate gate) {
        try {
            return maker.invokeExact((Object) gate);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code (Object gate, parameters) result}: enter, call, and exit whatever happens. */
    private static MethodHandle guarded(MethodHandle caller, Signature signature) {
        MethodHandle whole = MethodHandles.guardWithTest(IS_OWNED, owned(caller, signature), shared(caller, signature));
        return whole.asType(whole.type().changeParameterType(0, Object.class));
    }

    /** The way of the thread that owns the gate: what it was counted as before it entered is kept beside the call. */
    private static MethodHandle owned(MethodHandle caller, Signature signature) {
        MethodHandle call = MethodHandles.dropArguments(MethodHandles.filterArguments(caller, 0, ENTRY), 0, int.class);
        MethodHandle exit = MethodHandles.permuteArguments(
                EXIT_OWNED, MethodType.methodType(void.class, int.class, Gate.class), 1, 0);
        return MethodHandles.foldArguments(MethodHandles.tryFinally(call, cleanup(exit, signature)), ENTER_OWNED);
    }

    /** The way of all others. */
    private static MethodHandle shared(MethodHandle caller, Signature signature) {
        return MethodHandles.tryFinally(MethodHandles.filterArguments(caller, 0, ENTER), cleanup(EXIT, signature));
    }

    /** {@code (Throwable, result, arguments of exit) result}: exits, throws what an upcall threw, or passes the result on. */
    private static MethodHandle cleanup(MethodHandle exit, Signature signature) {
        MethodHandle left = MethodHandles.foldArguments(
                MethodHandles.dropArguments(RETHROW, 0, exit.type().parameterList()), exit);
        Class<?> result = signature.result().type();
        if (result == void.class) {
            return MethodHandles.dropArguments(left, 0, Throwable.class);
        }
        MethodHandle same = MethodHandles.dropArguments(
                MethodHandles.identity(result), 1, exit.type().parameterList());
        MethodHandle exits = MethodHandles.dropArguments(left, 0, result);
        return MethodHandles.dropArguments(MethodHandles.foldArguments(same, exits), 0, Throwable.class);
    }

    private MethodHandle maker(Method method, Signature signature) {
        try {
            MethodHandles.Lookup place = place();
            String name = place.lookupClass().getPackageName().replace('.', '/');
            byte[] bytes = ClassFile.implementing(
                    (name.isEmpty() ? "" : name + "/") + "Bound",
                    type.getName().replace('.', '/'),
                    method.getName(),
                    signature);
            MethodHandles.Lookup hidden = place.defineHiddenClassWithClassData(bytes, guarded, true);
            return hidden.findConstructor(hidden.lookupClass(), MethodType.methodType(void.class, Object.class))
                    .asType(MethodType.methodType(Object.class, Object.class));
        } catch (ReflectiveOperationException | LinkageError e) {
            return proxyMaker();
        }
    }

    /** A lookup in whose package a class can implement the interface. */
    private MethodHandles.Lookup place() throws IllegalAccessException {
        boolean visible;
        try {
            visible = Class.forName(type.getName(), false, Binder.class.getClassLoader()) == type;
        } catch (ClassNotFoundException e) {
            visible = false;
        }
        boolean open = type.getModule().isExported(type.getPackageName(), Binder.class.getModule());
        return visible && open && isPublic(type) ? LOOKUP : MethodHandles.privateLookupIn(type, LOOKUP);
    }

    private static boolean isPublic(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return Modifier.isPublic(type.getModifiers()) && (outer == null || isPublic(outer));
    }

    private MethodHandle proxyMaker() {
        try {
            MethodType makes = MethodType.methodType(Object.class, Object.class);
            return LOOKUP.findVirtual(Binder.class, "proxied", makes).bindTo(this);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The object as a proxy. */
    Object proxied(Object gate) {
        MethodHandle target = MethodHandles.insertArguments(guarded, 0, gate);
        InvocationHandler handler = (self, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class) {
                return switch (method.getName()) {
                    case "equals" -> self == arguments[0];
                    case "hashCode" -> System.identityHashCode(self);
                    default -> gate.toString();
                };
            }
            if (method.isDefault()) {
                return InvocationHandler.invokeDefault(self, method, arguments);
            }
            return target.invokeWithArguments(arguments == null ? new Object[0] : arguments);
        };
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
    }

    private static MethodHandle gate(String method, MethodType type) {
        try {
            return LOOKUP.findVirtual(Gate.class, method, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
