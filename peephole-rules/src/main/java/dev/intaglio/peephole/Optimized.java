package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Line;
import java.util.List;

/**
 * A stencil after the rules.
 *
 * @param lines what is to be encoded; a line that a rule made has the span of what it replaces
 * @param rewrites what was done, in that order
 */
public record Optimized(List<Line> lines, List<Rewrite> rewrites) {
    public Optimized {
        lines = List.copyOf(lines);
        rewrites = List.copyOf(rewrites);
    }
}
