package dev.intaglio.runtime;

import java.util.regex.Pattern;

/** How long the races of threads take, and what may be refused in them; those of {@code -Dintaglio.seconds=260} take an hour. */
public final class Races {
    private static final Pattern CLOSED = Pattern.compile(
            "(?s)code \\S+ is closed|.* was closed meanwhile|.*no piece lies at address .*, or none any more.*");

    private Races() {}

    /** Seconds: those that a race takes in each build, or those asked for. */
    public static double seconds(double normally) {
        return Double.parseDouble(System.getProperty("intaglio.seconds", Double.toString(normally)));
    }

    /** Whether an exception says that something was closed meanwhile, which others may do in a race, and nothing else. */
    static boolean isOfClosed(RuntimeException refusal) {
        return CLOSED.matcher(refusal.getMessage()).matches();
    }

    /** When a race that begins now is over, as {@link System#nanoTime} has it. */
    public static long end(double normally) {
        return System.nanoTime() + (long) (seconds(normally) * 1e9);
    }
}
