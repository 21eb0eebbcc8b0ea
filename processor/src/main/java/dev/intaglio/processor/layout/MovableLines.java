package dev.intaglio.processor.layout;

import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.LabelReferences;
import dev.intaglio.assembly.ir.Line;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Lines that may change their order. What {@code >1} and {@code <1} mean depends on the order, so while lines move each local
 * label has a number that no other has; {@link #settled} writes them as what they are in the new order.
 */
final class MovableLines {
    private final List<Line> lines;
    /** The number that the text has for a label, by its number here. */
    private final Map<Integer, Integer> written;

    private MovableLines(List<Line> lines, Map<Integer, Integer> written) {
        this.lines = lines;
        this.written = written;
    }

    /** The lines with labels of their own; empty where Java lines decide which label is meant. */
    static Optional<MovableLines> of(List<Line> lines) {
        if (lines.stream().anyMatch(line -> line instanceof Line.Java || line instanceof Line.BadLine)) {
            return Optional.empty();
        }
        Map<Integer, Integer> written = new HashMap<>();
        List<Line> own = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            if (line instanceof Line.LabelDefinition definition && LocalLabels.number(definition.label()) >= 0) {
                written.put(i, LocalLabels.number(definition.label()));
                own.add(new Line.LabelDefinition(new LabelReference.Next(i), line.span()));
                continue;
            }
            int here = i;
            boolean[] unknown = {false};
            own.add(LabelReferences.map(line, reference -> {
                if (LocalLabels.number(reference) < 0) {
                    return reference;
                }
                OptionalInt definition = LocalLabels.definition(lines, reference, here);
                unknown[0] |= definition.isEmpty();
                return new LabelReference.Next(definition.orElse(0));
            }));
            if (unknown[0]) {
                return Optional.empty(); // reported when the text was parsed
            }
        }
        return Optional.of(new MovableLines(List.copyOf(own), written));
    }

    List<Line> lines() {
        return lines;
    }

    /** A label that no line has yet. */
    LabelReference.Next newLabel() {
        int number = lines.size() + written.size();
        while (written.containsKey(number)) {
            number++;
        }
        written.put(number, 1);
        return new LabelReference.Next(number);
    }

    static Line definition(LabelReference.Next label, Span span) {
        return new Line.LabelDefinition(label, span);
    }

    /** The lines, in an order that somebody chose, with labels as a person would write them. */
    List<Line> settled(List<Line> moved) {
        Map<Integer, Integer> places = new HashMap<>();
        for (int i = 0; i < moved.size(); i++) {
            if (moved.get(i) instanceof Line.LabelDefinition definition) {
                places.put(LocalLabels.number(definition.label()), i);
            }
        }
        Map<Integer, Integer> numbers = new HashMap<>(written);
        Set<Integer> taken = new HashSet<>(written.values());
        while (true) {
            List<Line> settled = named(moved, places, numbers);
            Optional<Integer> mistaken = mistaken(moved, settled, places);
            if (mistaken.isEmpty()) {
                return settled;
            }
            int fresh = 1;
            while (!taken.add(fresh)) {
                fresh++;
            }
            numbers.put(mistaken.get(), fresh);
        }
    }

    private static List<Line> named(List<Line> moved, Map<Integer, Integer> places, Map<Integer, Integer> numbers) {
        List<Line> named = new ArrayList<>();
        for (int i = 0; i < moved.size(); i++) {
            Line line = moved.get(i);
            int here = i;
            if (line instanceof Line.LabelDefinition definition && LocalLabels.number(definition.label()) >= 0) {
                int number = numbers.get(LocalLabels.number(definition.label()));
                named.add(new Line.LabelDefinition(new LabelReference.Next(number), line.span()));
                continue;
            }
            named.add(LabelReferences.map(line, reference -> {
                int own = LocalLabels.number(reference);
                if (own < 0) {
                    return reference;
                }
                int number = numbers.get(own);
                return places.get(own) > here ? new LabelReference.Next(number) : new LabelReference.Last(number);
            }));
        }
        return named;
    }

    /** A label that a reference means and would not find. */
    private static Optional<Integer> mistaken(List<Line> moved, List<Line> named, Map<Integer, Integer> places) {
        for (int i = 0; i < moved.size(); i++) {
            List<LabelReference> meant = LabelReferences.of(moved.get(i));
            List<LabelReference> found = LabelReferences.of(named.get(i));
            for (int r = 0; r < meant.size(); r++) {
                int own = LocalLabels.number(meant.get(r));
                if (own >= 0
                        && !LocalLabels.definition(named, found.get(r), i).equals(OptionalInt.of(places.get(own)))) {
                    return Optional.of(own);
                }
            }
        }
        return Optional.empty();
    }
}
