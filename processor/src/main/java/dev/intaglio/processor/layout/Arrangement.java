package dev.intaglio.processor.layout;

import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.ir.Line;
import java.util.List;
import java.util.Set;

/**
 * What an interface asks for beside the rules: how the lines of its stencils are arranged.
 *
 * @param split whether what is seldom run is moved to the cold section
 * @param oneFrame whether the stencils of a piece share a frame
 * @param share whether equal cold code is emitted once a piece
 */
public record Arrangement(boolean split, boolean oneFrame, boolean share) {
    /** As the lines are written. */
    public static final Arrangement NONE = new Arrangement(false, false, false);

    /** Before the rules. */
    public List<Line> before(List<Line> lines, Diagnostics diagnostics) {
        return oneFrame ? SharedFrame.of(lines, diagnostics) : lines;
    }

    /**
     * Behind the rules.
     *
     * @param names those of the stencil's parameters
     */
    public List<Line> behind(List<Line> lines, Set<String> names) {
        List<Line> arranged = split ? HotColdSplit.of(lines) : lines;
        return share ? SharedTails.of(arranged, names) : arranged;
    }
}
