package dev.intaglio.processor;

import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Scope;
import dev.intaglio.assembly.syntax.ParserOptions;
import dev.intaglio.assembly.syntax.StencilParser;
import dev.intaglio.peephole.Optimized;
import dev.intaglio.peephole.PeepholeOptimizer;
import dev.intaglio.peephole.Rewrite;
import dev.intaglio.peephole.RuleOptions;
import dev.intaglio.processor.resolve.StencilParameter;
import dev.intaglio.processor.resolve.StencilText;
import dev.intaglio.processor.resolve.StencilUnit;
import dev.intaglio.processor.resolve.Target;
import java.util.List;

/** From a stencil's text to what is written: text, lines, optimized lines. {@code write} makes plans and Java of them. */
public final class Pipeline {
    /** A stencil after all stages before writing. */
    public record Compiled(StencilUnit unit, List<Rewrite> rewrites) {}

    private final ParserOptions parserOptions;
    private final RuleOptions ruleOptions;

    public Pipeline(ParserOptions parserOptions, RuleOptions ruleOptions) {
        this.parserOptions = parserOptions;
        this.ruleOptions = ruleOptions;
    }

    /** Compiles a stencil; mistakes are in the unit's diagnostics. */
    public Compiled compile(
            String name, List<StencilParameter> parameters, Scope scope, StencilText text, Target target) {
        Diagnostics diagnostics = new Diagnostics();
        List<Line> lines = StencilParser.parse(text.value(), scope, parserOptions, diagnostics);
        if (diagnostics.hasErrors()) {
            return new Compiled(new StencilUnit(name, parameters, lines, text, target, diagnostics), List.of());
        }
        Optimized optimized = PeepholeOptimizer.optimize(lines, ruleOptions.withFeatures(target.promised()));
        return new Compiled(
                new StencilUnit(name, parameters, optimized.lines(), text, target, diagnostics), optimized.rewrites());
    }
}
