package dev.intaglio.processor.command;

import dev.intaglio.processor.InterfaceCompiler;
import dev.intaglio.processor.Pipeline.Compiled;
import dev.intaglio.processor.layout.Strategy;
import dev.intaglio.processor.write.EmitterWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.annotation.processing.SupportedOptions;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;

/** A processor that collects stencils for the report instead of writing emitters. */
@SupportedAnnotationTypes("dev.intaglio.dsl.Stencils")
@SupportedOptions({"intaglio.define", "intaglio.cpu"})
final class StencilReporter extends AbstractProcessor {
    /**
     * A stencil by all strategies.
     *
     * @param optimized as it will be emitted
     */
    record Entry(String interfaceName, Compiled optimized, Map<Strategy, SizeOfStencil> sizes) {}

    private final List<Entry> entries = new ArrayList<>();
    private Optional<InterfaceCompiler> compiler = Optional.empty();

    /** The stencils, interface by interface. */
    List<Entry> entries() {
        return entries;
    }

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latestSupported();
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        for (TypeElement annotation : annotations) {
            for (Element element : round.getElementsAnnotatedWith(annotation)) {
                collect((TypeElement) element);
            }
        }
        return false;
    }

    private void collect(TypeElement type) {
        if (compiler.isEmpty()) {
            compiler = Optional.of(new InterfaceCompiler(processingEnv));
        }
        Map<Strategy, InterfaceCompiler.Result> results = new EnumMap<>(Strategy.class);
        for (Strategy strategy : Strategy.values()) {
            InterfaceCompiler.Result result = compiler.get().compile(type, strategy);
            EmitterWriter.write(result.unit()); // finds what only laying out and writing can find
            if (!compiler.get().report(result)) {
                return;
            }
            results.put(strategy, result);
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
