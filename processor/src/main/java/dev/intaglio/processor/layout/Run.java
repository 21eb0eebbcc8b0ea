package dev.intaglio.processor.layout;

import dev.intaglio.assembly.ir.Line;
import java.util.ArrayList;
import java.util.List;

/**
 * Lines of assembly with no Java between them.
 *
 * @param first the index of the first line in the stencil
 * @param lines the lines
 * @param section the section that the first line is in
 */
public record Run(int first, List<Line> lines, String section) {
    public Run {
        lines = List.copyOf(lines);
    }

    public int end() {
        return first + lines.size();
    }

    /** The runs of a stencil, in order. */
    public static List<Run> of(List<Line> lines) {
        List<Run> runs = new ArrayList<>();
        String section = "code";
        int i = 0;
        while (i < lines.size()) {
            if (lines.get(i) instanceof Line.Java) {
                i++;
                continue;
            }
            int first = i;
            String entry = section;
            while (i < lines.size() && !(lines.get(i) instanceof Line.Java)) {
                if (lines.get(i) instanceof Line.SectionSwitch change) {
                    section = change.section();
                }
                i++;
            }
            runs.add(new Run(first, lines.subList(first, i), entry));
        }
        return runs;
    }
}
