package dev.intaglio.processor.command;

import dev.intaglio.processor.InterfaceCompiler;
import dev.intaglio.processor.Pipeline.Compiled;
import dev.intaglio.processor.layout.Strategy;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.annotation.processing.SupportedOptions;
import javax.lang.model.element.TypeElement;

/** A processor that collects stencils for the report instead of writing emitters. */
@SupportedOptions({"intaglio.define", "intaglio.cpu"})
final class StencilReporter extends InterfaceVisitor {
    /**
     * A stencil by all strategies.
     *
     * @param optimized as it will be emitted
     */
    record Entry(String interfaceName, Compiled optimized, Map<Strategy, SizeOfStencil> sizes) {}

    private final List<Entry> entries = new ArrayList<>();

    /** The stencils, interface by interface. */
    List<Entry> entries() {
        return entries;
    }

    @Override
    void visit(TypeElement type) {
        Map<Strategy, InterfaceCompiler.Result> results = new EnumMap<>(Strategy.class);
        for (Strategy strategy : Strategy.values()) {
            Optional<InterfaceCompiler.Result> result = compiled(type, strategy);
            if (result.isEmpty()) {
                return;
            }
            results.put(strategy, result.get());
        }
        InterfaceCompiler.Result optimized = results.get(Strategy.OPTIMIZED);
        for (int i = 0; i < optimized.stencils().size(); i++) {
            Map<Strategy, SizeOfStencil> sizes = new EnumMap<>(Strategy.class);
            for (Strategy strategy : Strategy.values()) {
                sizes.put(
                        strategy,
                        SizeOfStencil.of(results.get(strategy).stencils().get(i).unit()));
            }
            entries.add(new Entry(
                    optimized.unit().interfaceName(), optimized.stencils().get(i), sizes));
        }
    }
}
