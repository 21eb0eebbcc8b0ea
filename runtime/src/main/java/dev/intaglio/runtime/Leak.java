package dev.intaglio.runtime;

import java.lang.System.Logger;
import java.lang.ref.Cleaner;

/**
 * Where something was made that is to be closed, noted only with {@code -Dintaglio.leaks=true}. What becomes unreachable without
 * having been closed, or is open when its cache is closed, is logged as a warning with that place.
 */
final class Leak {
    private static final boolean SOUGHT = Boolean.getBoolean("intaglio.leaks");
    private static final Leak UNKNOWN = new Leak("", false);

    private final String what;
    private final Throwable creation;
    private boolean ended;

    private Leak(String what, boolean noted) {
        this.what = what;
        this.creation = noted ? new Throwable("made here") : null;
    }

    /** Notes the caller's place, and reports when the object becomes unreachable. */
    static Leak ofOwned(Object object, String what) {
        if (!SOUGHT) {
            return UNKNOWN;
        }
        Leak leak = new Leak(what, true);
        Cleaners.CLEANER.register(object, () -> leak.report("became unreachable and"));
        return leak;
    }

    /** Notes the caller's place. */
    static Leak of(String what) {
        return SOUGHT ? new Leak(what, true) : UNKNOWN;
    }

    /** The object was closed as it should be. */
    synchronized void end() {
        ended = true;
    }

    /** Logs it, once, if it was not closed. */
    synchronized void report(String when) {
        if (creation != null && !ended) {
            ended = true;
            Loggers.LOGGER.log(Logger.Level.WARNING, what + " " + when + " was not closed", creation);
        }
    }

    /** The JDK finds no logger where the working directory's name is no text in the locale; without a leak none is needed. */
    private static final class Loggers {
        static final Logger LOGGER = System.getLogger("dev.intaglio.runtime");
    }

    /** Its thread is started only where leaks are sought. */
    private static final class Cleaners {
        static final Cleaner CLEANER = Cleaner.create();
    }
}
