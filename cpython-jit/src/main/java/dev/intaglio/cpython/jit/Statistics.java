package dev.intaglio.cpython.jit;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@code --stats} tells: what was compiled, what was not, and how often compiled code was left, where and why. The exits
 * count themselves in native memory, in their cold code, and only where that was asked for.
 */
final class Statistics {
    /** One way out of compiled code. Its cell holds how often it was taken. */
    private record Exit(boolean toInterpreter, String place, Reason reason) {}

    private static final int CELLS = 4096;
    private static final int MOST_LINES = 40;

    private final boolean countExits;
    private final Form plain = new Form();
    private final Form fast = new Form();
    private final Map<String, Integer> refused = new TreeMap<>();
    private final Map<String, Integer> again = new TreeMap<>();
    private final Map<Exit, Pointer> exits = new HashMap<>();
    private final List<Memory> chunks = new ArrayList<>();
    private int used = CELLS;

    /** What was compiled to one form. */
    private static final class Form {
        private int pieces;
        private long hot;
        private long cold;
        private long nanoseconds;

        private void print(PrintStream out, String name) {
            out.printf(
                    Locale.ROOT,
                    "intaglio:   %-12s %8d %10d %10d %10.1f ms%n",
                    name,
                    pieces,
                    hot,
                    cold,
                    nanoseconds / 1e6);
        }
    }

    /** With {@code countExits}, compiled code counts its exits. */
    Statistics(boolean countExits) {
        this.countExits = countExits;
    }

    void compiled(boolean isFast, int hot, int cold, long took) {
        Form form = isFast ? fast : plain;
        form.pieces++;
        form.hot += hot;
        form.cold += cold;
        form.nanoseconds += took;
    }

    void refused(String reason) {
        refused.merge(reason, 1, Integer::sum);
    }

    /** Fast code was left at this instruction often enough to be compiled again. */
    void again(String instruction) {
        again.merge(instruction, 1, Integer::sum);
    }

    /** The address of the counter of one way out of compiled code; 0 where none is wanted. To be called with the GIL held. */
    long counter(boolean toInterpreter, CodeObject code, Instruction instruction, Api api, Reason reason) {
        if (!countExits) {
            return 0;
        }
        int line = Function.getFunction(new Pointer(api.of("PyCode_Addr2Line")))
                .invokeInt(new Object[] {new Pointer(code.address()), 2 * instruction.unit()});
        String place = code + ", line " + line + ": " + instruction;
        return Pointer.nativeValue(exits.computeIfAbsent(new Exit(toInterpreter, place, reason), exit -> cell()));
    }

    private Pointer cell() {
        if (used == CELLS) {
            Memory chunk = new Memory(8L * CELLS);
            chunk.clear();
            chunks.add(chunk);
            used = 0;
        }
        return chunks.get(chunks.size() - 1).share(8L * used++);
    }

    void print(PrintStream out) {
        out.printf(
                Locale.ROOT, "intaglio: %d code objects compiled, %d pieces of fast code%n", plain.pieces, fast.pieces);
        out.printf(
                Locale.ROOT,
                "intaglio:   %-12s %8s %10s %10s %13s%n",
                "form",
                "pieces",
                "hot bytes",
                "cold bytes",
                "compile time");
        plain.print(out, "plain");
        fast.print(out, "fast");
        table(out, "left to the interpreter, code objects by reason", refused);
        table(out, "compiled again, left too often at", again);
        printExits(out);
    }

    private void printExits(PrintStream out) {
        Map<String, Long> reasons = new TreeMap<>();
        Map<String, Long> places = new HashMap<>();
        exits.forEach((exit, cell) -> {
            long times = cell.getLong(0);
            if (times != 0) {
                String to = exit.toInterpreter() ? "to the interpreter: " : "fast to plain: ";
                reasons.merge(to + exit.reason(), times, Long::sum);
                places.merge(exit.place() + ": " + exit.reason(), times, Long::sum);
            }
        });
        table(out, "exits from compiled code by reason", reasons);
        table(out, "exits from compiled code by place", places);
    }

    private static void table(PrintStream out, String title, Map<String, ? extends Number> rows) {
        if (rows.isEmpty()) {
            return;
        }
        out.println("intaglio: " + title);
        Comparator<Map.Entry<String, ? extends Number>> most =
                Comparator.comparingLong(e -> -e.getValue().longValue());
        rows.entrySet().stream()
                .sorted(most.thenComparing(Map.Entry::getKey))
                .limit(MOST_LINES)
                .forEach(row -> out.printf(
                        Locale.ROOT, "intaglio: %12d  %s%n", row.getValue().longValue(), row.getKey()));
        if (rows.size() > MOST_LINES) {
            out.printf(Locale.ROOT, "intaglio: %12s  and %d more%n", "", rows.size() - MOST_LINES);
        }
    }
}
