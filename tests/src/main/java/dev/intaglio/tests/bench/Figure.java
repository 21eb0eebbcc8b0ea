package dev.intaglio.tests.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

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

    /** Of figures that were taken several times the median, in the order in which they were first taken. */
    static List<Figure> medians(List<Figure> all) {
        List<Figure> medians = new ArrayList<>();
        for (Figure figure : all) {
            if (medians.stream().noneMatch(figure::isOfSame)) {
                List<Figure> same = all.stream()
                        .filter(figure::isOfSame)
                        .sorted(Comparator.comparing(Figure::value))
                        .toList();
                medians.add(same.get(same.size() / 2));
            }
        }
        return medians;
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
