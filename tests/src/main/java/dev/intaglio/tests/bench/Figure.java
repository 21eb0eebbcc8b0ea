package dev.intaglio.tests.bench;

/**
 * One measured value.
 *
 * @param group what was done, the same for all that are compared
 * @param who who did it
 * @param value how much; less is better
 * @param unit of the value
 * @param note what else a reader wants to know of it; may be empty
 */
record Figure(String group, String who, double value, String unit, String note) {

    Figure(String group, String who, double value, String unit) {
        this(group, who, value, unit, "");
    }

    /** Whether both are of the same work by the same. */
    boolean isOfSame(Figure other) {
        return group.equals(other.group) && who.equals(other.who);
    }

    /** A line for another process to read. */
    String line() {
        return String.join("\t", "figure", group, who, Double.toString(value), unit, note);
    }

    static Figure parse(String line) {
        String[] fields = line.split("\t", -1);
        return new Figure(fields[1], fields[2], Double.parseDouble(fields[3]), fields[4], fields[5]);
    }

    static boolean isLine(String line) {
        return line.startsWith("figure\t");
    }
}
