package dev.intaglio.assembly.syntax;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The known word that a misspelled one most likely means. */
public final class Nearest {
    private Nearest() {}

    /** The nearest candidate by edit distance, if one is near enough to be worth naming. */
    public static Optional<String> to(String word, Collection<String> candidates) {
        return within(word.length() <= 2 ? 1 : word.length() <= 5 ? 2 : 3, word, candidates);
    }

    /** The nearest candidate that at most {@code limit} chars separate from a word. */
    static Optional<String> within(int limit, String word, Collection<String> candidates) {
        return candidates.stream()
                .filter(candidate -> Math.abs(candidate.length() - word.length()) <= limit)
                .filter(candidate -> distance(word, candidate) <= limit)
                .min(Comparator.<String>comparingInt(candidate -> distance(word, candidate))
                        .thenComparing(candidate -> -commonHead(word, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static int commonHead(String a, String b) {
        int length = 0;
        while (length < a.length() && length < b.length() && a.charAt(length) == b.charAt(length)) {
            length++;
        }
        return length;
    }

    /** How many chars were added, left out, replaced, or exchanged with the next one. */
    private static int distance(String a, String b) {
        int[] before = new int[0];
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(row[j - 1], previous[j]) + 1);
                boolean exchanged =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (exchanged) {
                    row[j] = Math.min(row[j], before[j - 2] + 1);
                }
            }
            before = previous;
            previous = row;
        }
        return previous[b.length()];
    }
}
