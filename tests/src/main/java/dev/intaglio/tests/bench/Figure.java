package dev.intaglio.tests.bench;

/**
 * One measured value.
 *
 * @param group what was done, the same for all that are compared
 * @param who who did it
 * @param value how much; less is better
 * @param unit of the value
 */
record Figure(String group, String who, double value, String unit) {

    /** Whether both are of the same work by the same. */
    boolean isOfSame(Figure other) {
        return group.equals(other.group) && who.equals(other.who);
    }

    /** A line for another process to read. */
    String line() {
        return "figure\t" + group + "\t" + who + "\t" + value + "\t" + unit;
    }

    static Figure parse(String line) {
        String[] fields = line.split("\t");
        return new Figure(fields[1], fields[2], Double.parseDouble(fields[3]), fields[4]);
    }

    static boolean isLine(String line) {
        return line.startsWith("figure\t");
    }
}
