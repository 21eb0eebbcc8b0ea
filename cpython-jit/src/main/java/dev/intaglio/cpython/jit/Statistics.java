package dev.intaglio.cpython.jit;

import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;

/** What {@code --stats} tells. */
final class Statistics {
    private int plain;
    private int fast;
    private long hotBytes;
    private long coldBytes;
    private long nanoseconds;
    private final Map<String, Integer> refused = new TreeMap<>();
    private final Map<String, Integer> again = new TreeMap<>();

    void compiled(boolean isFast, int hot, int cold, long took) {
        if (isFast) {
            fast++;
        } else {
            plain++;
        }
        hotBytes += hot;
        coldBytes += cold;
        nanoseconds += took;
    }

    void refused(String reason) {
        refused.merge(reason, 1, Integer::sum);
    }

    /** Fast code was left at this instruction often enough to be compiled again. */
    void again(String instruction) {
        again.merge(instruction, 1, Integer::sum);
    }

    void print(PrintStream out) {
        out.printf(
                "intaglio: %d code objects compiled, %d pieces of fast code; %d bytes hot, %d cold; %.1f ms%n",
                plain, fast, hotBytes, coldBytes, nanoseconds / 1e6);
        refused.forEach((reason, times) -> out.printf("intaglio: left to the interpreter: %s: %d%n", reason, times));
        again.forEach(
                (place, times) -> out.printf("intaglio: compiled again, left too often at %s: %d%n", place, times));
    }
}
