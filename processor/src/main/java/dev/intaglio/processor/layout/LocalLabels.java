package dev.intaglio.processor.layout;

import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.LabelReferences;
import dev.intaglio.assembly.ir.Line;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What local labels mean. A label whose definition and all references lie in one run is resolved by the processor; one that
 * Java lines stand between is a runtime label, since it depends on the way that the Java takes.
 */
public final class LocalLabels {
    private final Map<Integer, Set<Integer>> runsOfNumber = new HashMap<>();
    private final List<Line> lines;
    private final int[] runOfLine;

    public LocalLabels(List<Line> lines, List<Run> runs) {
        this.lines = lines;
        runOfLine = new int[lines.size()];
        for (int r = 0; r < runs.size(); r++) {
            for (int i = runs.get(r).first(); i < runs.get(r).end(); i++) {
                runOfLine[i] = r;
            }
        }
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            if (line instanceof Line.LabelDefinition definition) {
                note(definition.label(), i);
            }
            for (LabelReference reference : LabelReferences.of(line)) {
                note(reference, i);
            }
        }
    }

    private void note(LabelReference label, int line) {
        int number = number(label);
        if (number >= 0) {
            runsOfNumber.computeIfAbsent(number, unused -> new HashSet<>()).add(runOfLine[line]);
        }
    }

    /** The number of a local label; -1 for others. */
    public static int number(LabelReference label) {
        return label instanceof LabelReference.Next next
                ? next.number()
                : label instanceof LabelReference.Last last ? last.number() : -1;
    }

    /** Whether all that concerns this number happens in one run. */
    public boolean isStatic(int number) {
        return runsOfNumber.getOrDefault(number, Set.of()).size() <= 1;
    }

    /** The numbers that need runtime labels, in order. */
    public List<Integer> runtimeNumbers() {
        return runsOfNumber.keySet().stream()
                .filter(number -> !isStatic(number))
                .sorted()
                .toList();
    }

    /** The line of the definition that a reference at a line means; empty where there is none. */
    public OptionalInt definition(LabelReference reference, int line) {
        boolean forward = reference instanceof LabelReference.Next;
        int number = number(reference);
        for (int i = forward ? line + 1 : line; i >= 0 && i < lines.size(); i += forward ? 1 : -1) {
            if (lines.get(i) instanceof Line.LabelDefinition definition && number(definition.label()) == number) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }
}
