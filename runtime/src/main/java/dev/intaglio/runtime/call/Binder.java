package dev.intaglio.runtime.call;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Optional;

/**
 * Makes objects of functional interfaces that call emitted code through its gate.
 *
 * <p>Each interface gets one hidden subclass of {@link Bound}, whose method enters, calls, and leaves. For code of another {@link Lifetime} it
 * gets another one, whose method only calls. With native methods each permanent piece gets one of its own, whose native method goes to that
 * piece alone, and pieces for which there is no room are called as if they were not permanent. The class lies in this package for public
 * interfaces and beside the interface for others; where neither can be, a {@link Proxy} does the same more slowly.
 */
public final class Binder {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private static final Binders[] BINDERS = Binders.forEachLifetime(false);
    private static final Binders[] CRITICAL = Binders.forEachLifetime(true);

    /** One for each interface. */
    private static final class Binders extends ClassValue<Binder> {
        private final boolean critical;
        private final Lifetime lifetime;

        private Binders(boolean critical, Lifetime lifetime) {
            this.critical = critical;
            this.lifetime = lifetime;
        }

        static Binders[] forEachLifetime(boolean critical) {
            Lifetime[] all = Lifetime.values();
            Binders[] binders = new Binders[all.length];
            for (Lifetime lifetime : all) {
                binders[lifetime.ordinal()] = new Binders(critical, lifetime);
            }
            return binders;
        }

        @Override
        protected Binder computeValue(Class<?> type) {
            return new Binder(type, critical ? Calls.critical() : Calls.ofJvm(), lifetime);
        }
    }

    private final Class<?> type;
    private final Calls calls;
    private final Lifetime lifetime;
    private final Signature signature;
    private final Optional<Bound> pattern;

    Binder(Class<?> type, Calls calls, Lifetime lifetime) {
        this.type = type;
        this.calls = calls;
        this.lifetime = lifetime;
        Method method = Signature.method(type);
        signature = Signature.of(method);
        pattern = isForEach() ? Optional.empty() : define(method, Optional.empty());
    }

    /** Whether each piece gets a class of its own. */
    private boolean isForEach() {
        return lifetime == Lifetime.PERMANENT && calls.isNative();
    }

    /** An object whose one method calls the code behind the gate. */
    public static <T> T bind(Class<T> type, Gate gate) {
        return type.cast(of(BINDERS, type, gate.lifetime()).make(gate));
    }

    /** The same with calls for which the JVM does not leave Java; {@link UnsupportedOperationException} where it has none. */
    public static <T> T bindCritical(Class<T> type, Gate gate) {
        return type.cast(of(CRITICAL, type, gate.lifetime()).make(gate));
    }

    private static Binder of(Binders[] binders, Class<?> type, Lifetime lifetime) {
        return binders[lifetime.ordinal()].get(type);
    }

    /** Finds out how calls are made in this JVM: with the memory that this needs now rather than when the first code is bound. */
    public static void prepare() {
        Calls.prepare();
    }

    /** How calls are made in this JVM. */
    public static String describe() {
        return Calls.describeOfJvm();
    }

    Object make(Gate gate) {
        if (isForEach()) {
            return gate.permanentWay(this);
        }
        return pattern.isPresent() ? gate.way(pattern.get()) : proxied(gate);
    }

    /** An object of a class for one permanent piece; where there can be none, of the class for pieces that are not permanent. */
    Object makePermanent(Gate gate) {
        Optional<Bound> first = define(Signature.method(type), Optional.of(gate));
        return first.isPresent()
                ? first.get().to(gate)
                : of(BINDERS, type, Lifetime.COUNTED).make(gate);
    }

    /** The first object of a class for all pieces, or for one; none where no class can be defined or one piece has no room for a trampoline. */
    private Optional<Bound> define(Method method, Optional<Gate> only) {
        try {
            MethodHandles.Lookup place = place();
            String folder = place.lookupClass().getPackageName().replace('.', '/');
            String name = folder.isEmpty() ? "BoundCode" : folder.concat("/BoundCode");
            Module module = place.lookupClass().getModule();
            Binder.class.getModule().addExports(Binder.class.getPackageName(), module);
            synchronized (Bound.class) {
                boolean isDefined = calls.define(place, name, type, method, signature, lifetime, only);
                return isDefined ? Optional.of(Bound.takeFirst()) : Optional.empty();
            }
        } catch (ReflectiveOperationException | LinkageError e) {
            return Optional.empty();
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

    /** The object as a proxy. */
    Object proxied(Gate gate) {
        MethodHandle caller = calls.caller(signature);
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
            MethodHandle call = MethodHandles.insertArguments(caller, 0, gate.address());
            StackRoom.require(); // whoever is counted can be counted out
            gate.enter();
            try {
                return call.invokeWithArguments(arguments == null ? new Object[0] : arguments);
            } finally {
                gate.exit();
            }
        };
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
    }
}
