package dev.intaglio.runtime;

import java.lang.System.Logger;
import java.lang.ref.Cleaner;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Where something was made that is to be closed, noted only with {@code -Dintaglio.leaks=true}. What becomes unreachable without
 * having been closed, or is open when its cache is closed, is logged as a warning with that place; what is open when the JVM ends is
 * printed, because loggers end then, too.
 */
final class Leak {
    private static final boolean SOUGHT = Boolean.getBoolean("intaglio.leaks");
    /** Where leaks are not sought there is one for all, which nobody writes to. */
    private static final Leak UNKNOWN = new Leak("", Optional.empty());

    private final String what;
    private final Optional<Throwable> creation;
    private final AtomicBoolean ended = new AtomicBoolean();

    private Leak(String what, Optional<Throwable> creation) {
        this.what = what;
        this.creation = creation;
    }

    /** Notes the caller's place, and reports when the object becomes unreachable. */
    static Leak ofOwned(Object object, String what) {
        Leak leak = of(what, "");
        if (SOUGHT) {
            Cleaners.CLEANER.register(object, () -> leak.report("became unreachable and"));
        }
        return leak;
    }

    /** Notes the caller's place. */
    static Leak of(String what, String name) {
        if (!SOUGHT) {
            return UNKNOWN;
        }
        Leak leak = new Leak(what + name, Optional.of(new Throwable("made here")));
        AtExit.OPEN.add(leak);
        return leak;
    }

    /** The object was closed as it should be. */
    void end() {
        if (creation.isPresent()) {
            ended.set(true);
            AtExit.OPEN.remove(this);
        }
    }

    /** Logs it, once, if it was not closed. */
    void report(String when) {
        if (creation.isPresent() && !ended.getAndSet(true)) {
            AtExit.OPEN.remove(this);
            Loggers.LOGGER.log(Logger.Level.WARNING, what + " " + when + " was not closed", creation.get());
        }
    }

    /** The JDK finds no logger where the working directory's name is no text in the locale; without a leak none is needed. */
    private static final class Loggers {
        static final Logger LOGGER = System.getLogger("dev.intaglio.runtime");
    }

    /** What is open. */
    private static final class AtExit {
        static final Set<Leak> OPEN = ConcurrentHashMap.newKeySet();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(AtExit::print, "intaglio leaks"));
        }

        private static void print() {
            for (Leak leak : OPEN) {
                System.err.println(leak.what + " was open when the JVM ended");
                leak.creation.orElseThrow().printStackTrace();
            }
        }
    }

    /** Its thread is started only where leaks are sought. */
    private static final class Cleaners {
        static final Cleaner CLEANER = Cleaner.create();
    }
}
