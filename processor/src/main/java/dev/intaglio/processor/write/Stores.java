package dev.intaglio.processor.write;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Bytes that are known to follow each other, waiting to be stored eight at a time. Stores ascend, and what one writes beyond
 * its own bytes the next overwrites; so only a value that is followed by others within its store is masked.
 */
final class Stores {
    /** A constant byte, maybe with a bit in it that a local gives; or a value of {@code size} bytes that a Java expression of type long gives. */
    private record Unit(int size, long constant, String expression, int bit) {
        /** {@link #bit} of a value. */
        static final int NONE = -1;
    }

    private final List<Unit> units = new ArrayList<>();
    private int stored;
    private int waiting;

    /** The number of bytes behind the position: those that are stored already, and those that wait. */
    int size() {
        return stored + waiting;
    }

    int waiting() {
        return waiting;
    }

    void constant(int value) {
        units.add(new Unit(1, value & 0xFF, "", Unit.NONE));
        waiting++;
    }

    /** A constant byte in which a local that is 0 or 1 gives a bit. */
    void constant(int value, String flag, int bit) {
        units.add(new Unit(1, value & 0xFF, flag, bit));
        waiting++;
    }

    void value(int bytes, String expression) {
        units.add(new Unit(bytes, 0, expression, Unit.NONE));
        waiting += bytes;
    }

    /** Writes stores, from {@code position} on, until at most {@code rest} bytes wait. */
    void store(int rest, String position, Source source) {
        while (waiting > rest) {
            String first = next(position);
            // Two in a call: until the JIT compiler comes, calls are most of what emission takes.
            source.line("put8(" + first + (waiting > rest ? ", " + next(position) : "") + ");");
        }
    }

    /** The place and the content of the next store. */
    private String next(String position) {
        int used = 0;
        int end = 0;
        while (end < units.size() && used + units.get(end).size() <= 8) {
            used += units.get(end++).size();
        }
        String store = at(position, stored) + ", " + content(0, end);
        units.subList(0, end).clear();
        stored += used;
        waiting -= used;
        return store;
    }

    /** All bytes that wait, as one value, and forgets them; there are at most eight. */
    String take() {
        String content = content(0, units.size());
        clear();
        return content;
    }

    /** Forgets everything: the position is somewhere else from now on. */
    void clear() {
        units.clear();
        stored = 0;
        waiting = 0;
    }

    Stores copy() {
        Stores copy = new Stores();
        copy.units.addAll(units);
        copy.stored = stored;
        copy.waiting = waiting;
        return copy;
    }

    private String content(int from, int to) {
        long constant = 0;
        List<String> terms = new ArrayList<>();
        int shift = 0;
        for (int i = from; i < to; i++) {
            Unit unit = units.get(i);
            boolean isValue = !unit.expression().isEmpty() && unit.bit() == Unit.NONE;
            if (from == to - 1 && isValue) {
                return Values.unparenthesized(unit.expression());
            }
            constant |= unit.constant() << shift;
            if (isValue) {
                terms.add(shifted(unit, shift, i == to - 1));
            } else if (unit.bit() != Unit.NONE) {
                terms.add(unit.expression() + " << " + (shift + unit.bit()));
            }
            shift += unit.size() * 8;
        }
        if (terms.isEmpty() || constant != 0) {
            terms.add(0, hex(constant));
        }
        return String.join(" | ", terms);
    }

    private static String shifted(Unit unit, int shift, boolean last) {
        String value = unit.expression();
        if (!last) {
            value = "(" + value + " & " + hex(unit.size() == 8 ? -1L : (1L << unit.size() * 8) - 1) + ")";
        }
        return shift == 0 ? value : atom(value) + " << " + shift;
    }

    private static String atom(String expression) {
        return expression.matches("[\\w$.]+") || expression.startsWith("(") && closes(expression)
                ? expression
                : "(" + expression + ")";
    }

    private static boolean closes(String expression) {
        int depth = 0;
        for (int i = 0; i < expression.length(); i++) {
            depth += expression.charAt(i) == '(' ? 1 : expression.charAt(i) == ')' ? -1 : 0;
            if (depth == 0) {
                return i == expression.length() - 1;
            }
        }
        return false;
    }

    static String hex(long value) {
        return String.format(Locale.ROOT, "0x%XL", value);
    }

    static String at(String position, int offset) {
        return offset == 0 ? position : position + " + " + offset;
    }
}
