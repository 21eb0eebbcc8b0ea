package dev.intaglio.processor;

import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Scope;
import dev.intaglio.assembly.syntax.ParserOptions;
import dev.intaglio.assembly.syntax.StencilParser;
import dev.intaglio.peephole.ContractCheck;
import dev.intaglio.peephole.Optimized;
import dev.intaglio.peephole.PeepholeOptimizer;
import dev.intaglio.peephole.Rewrite;
import dev.intaglio.peephole.RuleOptions;
import dev.intaglio.processor.layout.Arrangement;
import dev.intaglio.processor.layout.PositionCheck;
import dev.intaglio.processor.layout.Strategy;
import dev.intaglio.processor.resolve.StencilUnit;
import dev.intaglio.processor.timing.Timing;
import dev.intaglio.processor.timing.Timing.Stage;
import java.util.List;

/** From a stencil's text to what is written: text, lines, optimized lines. {@code write} makes plans and Java of them. */
public final class Pipeline {
    /** A stencil after all stages before writing. */
    public record Compiled(StencilUnit unit, List<Rewrite> rewrites) {}

    private final ParserOptions parserOptions;
    private final RuleOptions ruleOptions;
    private final Timing timing;

    /**
     * @param ruleOptions which rules rewrite, where a stencil's strategy lets any
     */
    public Pipeline(ParserOptions parserOptions, RuleOptions ruleOptions, Timing timing) {
        this.timing = timing;
        this.parserOptions = parserOptions;
        this.ruleOptions = ruleOptions;
    }

    /**
     * Parses and optimizes a stencil that has no lines yet; mistakes are in the unit's diagnostics.
     *
     * @param asked how the lines are to be arranged, where the stencil's strategy lets them be
     */
    public Compiled compile(StencilUnit stencil, Scope scope, Arrangement asked) {
        Diagnostics diagnostics = stencil.diagnostics();
        List<Line> lines = timing.measure(
                Stage.PARSE, () -> StencilParser.parse(stencil.text().value(), scope, parserOptions, diagnostics));
        if (diagnostics.hasErrors()) {
            return new Compiled(stencil.with(lines), List.of());
        }
        ContractCheck.check(lines, stencil.contract(), diagnostics);
        PositionCheck.check(lines, diagnostics);
        Arrangement arrangement = stencil.strategy() == Strategy.OPTIMIZED ? asked : Arrangement.NONE;
        List<Line> framed = arrangement.before(lines, diagnostics);
        if (diagnostics.hasErrors()) {
            return new Compiled(stencil.with(lines), List.of());
        }
        RuleOptions rules = stencil.strategy() == Strategy.OPTIMIZED
                ? ruleOptions.withFeatures(stencil.target().promised())
                : RuleOptions.NONE;
        Optimized optimized = timing.measure(
                Stage.OPTIMIZE,
                () -> PeepholeOptimizer.optimize(stencil.strategy().arranged(framed), rules, stencil.contract()));
        return new Compiled(
                stencil.with(arrangement.behind(optimized.lines(), stencil.parameterNames())), optimized.rewrites());
    }
}
