package dev.intaglio.processor.layout;

import dev.intaglio.assembly.encode.EncodingPlan;
import dev.intaglio.assembly.encode.EncodingPlan.Piece;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.LabelReferences;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.processor.layout.Plans.Planned;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * What local labels mean. A reference whose definition stands in the same run is resolved by the processor: control passes
 * from one to the other whatever the Java lines around them do. Any other goes to a runtime label, since its meaning depends
 * on the way that the Java takes.
 */
public final class LocalLabels {
    private final List<Planned> lines;
    private final List<Line> all;
    private final int[] runOfLine;
    private final Set<Integer> runtimeNumbers = new TreeSet<>();

    public LocalLabels(List<Planned> lines, List<Run> runs) {
        this.lines = lines;
        all = lines.stream().map(Planned::line).toList();
        runOfLine = new int[lines.size()];
        for (int r = 0; r < runs.size(); r++) {
            for (int i = runs.get(r).first(); i < runs.get(r).end(); i++) {
                runOfLine[i] = r;
            }
        }
        for (int i = 0; i < lines.size(); i++) {
            for (LabelReference reference : LabelReferences.of(lines.get(i).line())) {
                if (number(reference) >= 0 && !isStatic(reference, i)) {
                    runtimeNumbers.add(number(reference));
                }
            }
        }
    }

    /** The number of a local label; -1 for others. */
    public static int number(LabelReference label) {
        return label instanceof LabelReference.Next next
                ? next.number()
                : label instanceof LabelReference.Last last ? last.number() : -1;
    }

    /** Whether the reference at a line is to a local label that the processor resolves. */
    public boolean isStatic(LabelReference reference, int line) {
        if (number(reference) < 0 || !hasFixedPlace(lines.get(line))) {
            return false;
        }
        OptionalInt definition = definition(reference, line);
        return definition.isPresent() && runOfLine[definition.getAsInt()] == runOfLine[line];
    }

    /**
     * Whether the line's reference lies at one place of the instruction, whatever its values are. Data is left to the linker,
     * because its items are wider than a distance, and so are fields that are patched.
     */
    private static boolean hasFixedPlace(Planned planned) {
        if (planned.line() instanceof Line.Data || planned.line() instanceof Line.PatchPoint) {
            return false;
        }
        if (!(planned.plan().orElse(null) instanceof EncodingPlan.Straight straight)) {
            return true;
        }
        return straight.parts().stream()
                .filter(part -> part.cases().size() > 1)
                .noneMatch(part -> part.cases().get(0).pieces().stream().anyMatch(Piece.ToLabel.class::isInstance));
    }

    /** The numbers that need runtime labels, in order. */
    public List<Integer> runtimeNumbers() {
        return List.copyOf(runtimeNumbers);
    }

    /** The line of the definition that a reference at a line means; empty where there is none. */
    public OptionalInt definition(LabelReference reference, int line) {
        return definition(all, reference, line);
    }

    /** The line of the definition that a reference at a line means, among these lines. */
    static OptionalInt definition(List<Line> lines, LabelReference reference, int line) {
        boolean forward = reference instanceof LabelReference.Next;
        int number = number(reference);
        for (int i = forward ? line + 1 : line; i >= 0 && i < lines.size(); i += forward ? 1 : -1) {
            if (lines.get(i) instanceof Line.LabelDefinition definition && number(definition.label()) == number) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    /** Whether a later line refers to a definition with a {@code <n} that the processor resolves. */
    public boolean isReferredBackwards(int definition) {
        for (int i = definition + 1; i < lines.size() && runOfLine[i] == runOfLine[definition]; i++) {
            for (LabelReference reference : LabelReferences.of(lines.get(i).line())) {
                if (reference instanceof LabelReference.Last
                        && isStatic(reference, i)
                        && definition(reference, i).equals(OptionalInt.of(definition))) {
                    return true;
                }
            }
        }
        return false;
    }
}
