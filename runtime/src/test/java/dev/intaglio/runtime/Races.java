package dev.intaglio.runtime;

/** How long the races of threads take; those of {@code -Dintaglio.seconds=260} take an hour. */
public final class Races {
    private Races() {}

    /** Seconds: those that a race takes in each build, or those asked for. */
    public static double seconds(double normally) {
        return Double.parseDouble(System.getProperty("intaglio.seconds", Double.toString(normally)));
    }

    /** When a race that begins now is over, as {@link System#nanoTime} has it. */
    public static long end(double normally) {
        return System.nanoTime() + (long) (seconds(normally) * 1e9);
    }
}
