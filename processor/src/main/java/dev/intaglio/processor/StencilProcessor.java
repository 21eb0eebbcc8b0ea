package dev.intaglio.processor;

import dev.intaglio.assembly.diagnostic.Diagnostic;
import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.processor.layout.Strategy;
import dev.intaglio.processor.resolve.Annotations;
import dev.intaglio.processor.write.EmitterWriter;
import dev.intaglio.processor.write.GeneratedSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.annotation.processing.SupportedOptions;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.util.ElementFilter;
import javax.tools.Diagnostic.Kind;

/**
 * Writes {@code XEmitter} for each interface {@code X} marked {@code @Stencils} ({@code Outer_InnerEmitter} for a nested
 * one). All mistakes of all stencils are reported; an emitter is written only where there is none.
 */
@SupportedAnnotationTypes({
    Annotations.STENCILS,
    Annotations.STENCIL,
    Annotations.ALTERNATIVES,
    EmitterWriter.GENERATED // emitters have it, and javac warns of annotations that no processor claims
})
@SupportedOptions({
    ProcessorOptions.DEFINE,
    ProcessorOptions.RULES,
    ProcessorOptions.CPU,
    ProcessorOptions.STRATEGY,
    ProcessorOptions.SPLIT,
    ProcessorOptions.EXPLAIN,
    ProcessorOptions.TIMING
})
public final class StencilProcessor extends AbstractProcessor {
    private Optional<InterfaceCompiler> compiler = Optional.empty();
    private final Set<String> waiting = new LinkedHashSet<>();
    private boolean optionsAreWrong;

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latestSupported();
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        List<TypeElement> ready = new ArrayList<>();
        waiting.forEach(name -> ready.add(processingEnv.getElementUtils().getTypeElement(name)));
        waiting.clear();
        for (TypeElement annotation : annotations) {
            if (annotation.getQualifiedName().contentEquals(Annotations.STENCILS)) {
                ready.addAll(ElementFilter.typesIn(round.getElementsAnnotatedWith(annotation)));
            } else if (annotation.getQualifiedName().contentEquals(Annotations.STENCIL)
                    || annotation.getQualifiedName().contentEquals(Annotations.ALTERNATIVES)) {
                round.getElementsAnnotatedWith(annotation).forEach(this::checkEnclosed);
            }
        }
        for (TypeElement type : ready) {
            if (isWhole(type)) {
                guarded(type);
            } else {
                waiting.add(type.getQualifiedName().toString());
            }
        }
        if (round.processingOver() && compiler.isPresent() && compiler.get().isTimed()) {
            processingEnv
                    .getMessager()
                    .printMessage(Kind.NOTE, "intaglio: " + compiler.get().timing());
        }
        return true; // they are ours alone
    }

    /**
     * Whether all that an interface extends is there. What is missing may be written by another processor in this round;
     * if it never comes, that is the compiler's message.
     */
    private static boolean isWhole(TypeElement type) {
        return type.getInterfaces().stream()
                .allMatch(parent -> parent.getKind() == TypeKind.DECLARED
                        && isWhole((TypeElement) ((DeclaredType) parent).asElement()));
    }

    /** The rim: what we did not foresee becomes a message, not a crash of the compiler. */
    private void guarded(TypeElement type) {
        try {
            emitter(type);
        } catch (OptionException wrong) {
            // One message is enough, however many interfaces there are.
            if (!optionsAreWrong) {
                processingEnv.getMessager().printMessage(Kind.ERROR, wrong.getMessage());
                optionsAreWrong = true;
            }
        } catch (RuntimeException unforeseen) {
            StringWriter trace = new StringWriter();
            unforeseen.printStackTrace(new PrintWriter(trace));
            processingEnv
                    .getMessager()
                    .printMessage(Kind.ERROR, "[" + DiagnosticCode.INTERNAL + "] please report this: " + trace, type);
        }
    }

    private void emitter(TypeElement type) {
        if (compiler.isEmpty()) {
            compiler = Optional.of(new InterfaceCompiler(processingEnv));
        }
        for (Strategy strategy : compiler.get().strategies()) {
            if (!emitter(type, strategy)) {
                return; // the others would have the same to say
            }
        }
    }

    /** Writes the emitter; whether there was no mistake. */
    private boolean emitter(TypeElement type, Strategy strategy) {
        InterfaceCompiler.Result result = compiler.get().compile(type, strategy);
        GeneratedSource file;
        try {
            // Written even if a text is wrong: planning finds the mistakes of the other stencils.
            file = EmitterWriter.write(result.unit(), compiler.get().timing());
        } catch (RuntimeException unforeseen) {
            if (compiler.get().report(result)) {
                throw unforeseen;
            }
            return false; // a consequence of the mistakes just reported
        }
        boolean right = compiler.get().report(result);
        if (right) {
            write(file, type);
        }
        return right;
    }

    private void write(GeneratedSource file, TypeElement type) {
        try (Writer writer = processingEnv
                .getFiler()
                .createSourceFile(file.className(), type)
                .openWriter()) {
            writer.write(file.text());
        } catch (IOException failed) {
            processingEnv
                    .getMessager()
                    .printMessage(Kind.ERROR, "cannot write " + file.className() + ": " + failed.getMessage(), type);
        }
    }

    /** A stencil in an interface that is not marked would be lost without a word. */
    private void checkEnclosed(Element method) {
        Element owner = method.getEnclosingElement();
        boolean marked = owner.getAnnotationMirrors().stream()
                .anyMatch(mirror -> mirror.getAnnotationType().toString().equals(Annotations.STENCILS));
        boolean isInterface = owner.getKind().isInterface();
        if (!isInterface) {
            Diagnostic diagnostic = new Diagnostic(
                    DiagnosticCode.BAD_STENCIL,
                    new Span(0, 0),
                    "@Stencil belongs on the methods of an interface marked @Stencils",
                    List.of(),
                    Optional.of("move " + method.getSimpleName() + " to such an interface"));
            processingEnv.getMessager().printMessage(Kind.ERROR, diagnostic.toString(), method);
        } else if (!marked) {
            // It may be meant for interfaces that extend this one, so this is a warning only.
            processingEnv
                    .getMessager()
                    .printMessage(
                            Kind.MANDATORY_WARNING,
                            "[" + DiagnosticCode.BAD_STENCIL + "] no emitter is written for " + owner.getSimpleName()
                                    + " itself: it is not marked @Stencils\nhelp: mark it; interfaces that extend it"
                                    + " and are marked get its stencils too",
                            method);
        }
    }
}
