package dev.intaglio.runtime.call;

import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The way in which this JVM calls emitted code: the first that works of three, or the one that is asked for. */
final class Calls {
    /** {@code natives}, {@code ffm} or {@code jna}. */
    static final String PROPERTY = "intaglio.binding";

    private static final Calls INSTANCE = new Calls(System.getProperty(PROPERTY, ""));

    private final Way way;
    private final List<String> refusals = new ArrayList<>();
    private final Map<Signature, MethodHandle> callers = new ConcurrentHashMap<>();

    private Calls(String asked) {
        way = asked.isEmpty() ? first() : make(asked);
    }

    /** The way this JVM calls. */
    static Calls way() {
        return INSTANCE;
    }

    /** The named way, apart from what the JVM uses; for comparing them. */
    static Calls way(String name) {
        return new Calls(name);
    }

    private Way first() {
        for (String name : List.of("natives", "ffm")) {
            try {
                return open(name);
            } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
                refusals.add(name + ": " + e.getMessage());
            }
        }
        return new JnaFunctions();
    }

    private static Way make(String name) {
        try {
            return open(name);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException(
                    "system property " + PROPERTY + " asks for '" + name + "', which cannot be had: " + e.getMessage()
                            + "; leave it out, or use natives, ffm or jna",
                    e);
        }
    }

    private static Way open(String name) throws ReflectiveOperationException {
        return switch (name) {
            case "natives" -> new RegisteredNatives();
            case "ffm" -> new ForeignFunctions();
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

    /** The way, and why not a faster one. */
    String describe() {
        return way.describe() + (refusals.isEmpty() ? "" : " (" + String.join("; ", refusals) + ")");
    }
}
