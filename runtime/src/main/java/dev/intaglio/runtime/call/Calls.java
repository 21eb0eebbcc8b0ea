package dev.intaglio.runtime.call;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** The way in which this JVM calls emitted code: the first that works of three, or the one that is asked for. */
final class Calls {
    /** {@code natives}, {@code ffm} or {@code jna}. */
    static final String PROPERTY = "intaglio.binding";

    private final Way way;
    private final List<String> refusals = new ArrayList<>();
    private final Map<Signature, MethodHandle> callers = new ConcurrentHashMap<>();

    private static final class Holder {
        static final Calls INSTANCE;
        /** Why there are none; kept, since a class that fails to be initialized says so only once. */
        static final IllegalStateException REFUSAL;

        static {
            Calls found = null;
            IllegalStateException refusal = null;
            try {
                found = new Calls(System.getProperty(PROPERTY, ""));
            } catch (IllegalStateException e) {
                refusal = e;
            }
            INSTANCE = found;
            REFUSAL = refusal;
        }
    }

    private Calls(String asked) {
        way = asked.isEmpty() ? first() : make(asked);
    }

    private Calls(Way way) {
        this.way = way;
    }

    /** The way this JVM calls; {@link IllegalStateException} each time where one is asked for that cannot be had. */
    static Calls ofJvm() {
        if (Holder.REFUSAL != null) {
            throw new IllegalStateException(Holder.REFUSAL.getMessage(), Holder.REFUSAL.getCause());
        }
        return Holder.INSTANCE;
    }

    /** The way this JVM calls, or why it cannot. */
    static String describeOfJvm() {
        return Holder.REFUSAL != null ? "none: " + Holder.REFUSAL.getMessage() : Holder.INSTANCE.describe();
    }

    /** Finds the way, unless one is asked for: whether that can be had is told when code is bound. */
    static void prepare() {
        if (System.getProperty(PROPERTY, "").isEmpty()) {
            ofJvm();
        }
    }

    /** Calls for which the JVM does not leave Java. */
    static Calls critical() {
        try {
            return new Calls(new ForeignFunctions(true));
        } catch (ReflectiveOperationException e) {
            throw new UnsupportedOperationException(
                    "critical calls need java.lang.foreign of Java 22 or later, and this is Java "
                            + Runtime.version().feature() + "; bind without",
                    e);
        }
    }

    /** The named way, apart from what the JVM uses; for comparing them. */
    static Calls named(String name) {
        return new Calls(name);
    }

    private Way first() {
        for (String name : List.of("natives", "ffm")) {
            try {
                return open(name);
            } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
                refusals.add(name + ": " + reason(e));
            }
        }
        return new JnaFunctions();
    }

    /** What an exception says, or the first of its causes that says something: those of reflection do not. */
    static String reason(Throwable e) {
        Throwable telling = e;
        while (telling.getMessage() == null && telling.getCause() != null) {
            telling = telling.getCause();
        }
        return telling.getMessage() == null ? telling.toString() : telling.getMessage();
    }

    private static Way make(String name) {
        try {
            return open(name);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException(
                    "system property " + PROPERTY + " asks for '" + name + "', which cannot be had: " + reason(e)
                            + "; leave it out, or use natives, ffm or jna",
                    e);
        }
    }

    private static Way open(String name) throws ReflectiveOperationException {
        return switch (name) {
            case "natives" -> new RegisteredNatives();
            case "ffm" -> new ForeignFunctions(false);
            case "jna" -> new JnaFunctions();
            default -> throw new IllegalArgumentException("it is not known");
        };
    }

    /** A handle {@code (address, parameters) result} that calls the address; one per signature. */
    MethodHandle caller(Signature signature) {
        return callers.computeIfAbsent(signature, wanted -> {
            try {
                return way.caller(wanted);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("no way to call emitted code as " + wanted, e);
            }
        });
    }

    /** Whether each piece that is permanent has a class of its own. */
    boolean isNative() {
        return way instanceof RegisteredNatives;
    }

    /**
     * Defines a hidden class of {@link BoundClass} in a package: for all pieces, or for the permanent one behind a gate; false where there
     * is no room for a trampoline that would serve that one alone.
     */
    boolean define(
            MethodHandles.Lookup place,
            String name,
            Class<?> implemented,
            Method method,
            Signature signature,
            Lifetime lifetime,
            Optional<Gate> only)
            throws ReflectiveOperationException {
        String type = implemented.getName().replace('.', '/');
        byte[] bytes = BoundClass.implementing(name, type, method.getName(), signature, isNative(), lifetime);
        if (!(way instanceof RegisteredNatives natives)) {
            place.defineHiddenClassWithClassData(bytes, caller(signature), true);
        } else if (only.isPresent()) {
            OptionalLong trampoline = natives.trampolineTo(only.get(), signature);
            if (trampoline.isEmpty()) {
                return false;
            }
            Class<?> defined = place.defineHiddenClass(bytes, true).lookupClass();
            natives.registerPermanent(defined, signature, trampoline.getAsLong());
        } else {
            natives.register(place.defineHiddenClass(bytes, true).lookupClass(), signature);
        }
        return true;
    }

    /** The way, and why not a faster one. */
    String describe() {
        return way.describe() + (refusals.isEmpty() ? "" : " (" + String.join("; ", refusals) + ")");
    }
}
