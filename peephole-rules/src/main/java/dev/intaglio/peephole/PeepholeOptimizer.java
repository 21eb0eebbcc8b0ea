package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Line;
import java.util.List;

/** Applies the rules to a stencil's lines until none fits any more. */
public final class PeepholeOptimizer {
    private PeepholeOptimizer() {}

    public static Optimized optimize(List<Line> lines, RuleOptions options) {
        return new Optimized(lines, List.of());
    }
}
