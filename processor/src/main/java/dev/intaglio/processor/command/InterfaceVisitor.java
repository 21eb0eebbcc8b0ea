package dev.intaglio.processor.command;

import dev.intaglio.processor.InterfaceCompiler;
import dev.intaglio.processor.layout.Strategy;
import dev.intaglio.processor.resolve.Annotations;
import dev.intaglio.processor.write.EmitterWriter;
import java.util.Optional;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;

/** A processor that looks at interfaces of stencils instead of writing emitters for them. */
abstract class InterfaceVisitor extends AbstractProcessor {
    private Optional<InterfaceCompiler> compiler = Optional.empty();

    /** Looks at an interface marked {@code @Stencils}. */
    abstract void visit(TypeElement type);

    /** As a method, because subclasses do not inherit the annotation that says it. */
    @Override
    public Set<String> getSupportedAnnotationTypes() {
        return Set.of(Annotations.STENCILS);
    }

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latestSupported();
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        for (TypeElement annotation : annotations) {
            for (Element element : round.getElementsAnnotatedWith(annotation)) {
                visit((TypeElement) element);
            }
        }
        return false;
    }

    /** The interface's stencils compiled; empty where there is a mistake, which is reported. */
    Optional<InterfaceCompiler.Result> compiled(TypeElement type, Strategy strategy) {
        if (compiler.isEmpty()) {
            compiler = Optional.of(new InterfaceCompiler(processingEnv));
        }
        InterfaceCompiler.Result result = compiler.get().compile(type, strategy);
        try {
            EmitterWriter.write(result.unit()); // finds what only laying out and writing can find
        } catch (RuntimeException unforeseen) {
            if (compiler.get().report(result)) {
                throw unforeseen;
            }
        }
        return compiler.get().report(result) ? Optional.of(result) : Optional.empty();
    }
}
