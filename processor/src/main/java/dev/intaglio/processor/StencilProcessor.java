package dev.intaglio.processor;

import dev.intaglio.assembly.diagnostic.Diagnostic;
import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.peephole.Rewrite;
import dev.intaglio.processor.Pipeline.Compiled;
import dev.intaglio.processor.resolve.EmitterUnit;
import dev.intaglio.processor.resolve.StencilCollector;
import dev.intaglio.processor.resolve.StencilCollector.Declared;
import dev.intaglio.processor.resolve.StencilUnit;
import dev.intaglio.processor.source.Reporter;
import dev.intaglio.processor.source.StencilPlace;
import dev.intaglio.processor.source.StencilSources;
import dev.intaglio.processor.write.EmitterWriter;
import dev.intaglio.processor.write.GeneratedSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.annotation.processing.SupportedOptions;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic.Kind;

/**
 * Writes {@code XEmitter} for each interface {@code X} marked {@code @Stencils} ({@code Outer_InnerEmitter} for a nested
 * one). All mistakes of all stencils are reported; an emitter is written only where there is none.
 */
@SupportedAnnotationTypes({"dev.intaglio.dsl.Stencils", "dev.intaglio.dsl.Stencil"})
@SupportedOptions({ProcessorOptions.DEFINE, ProcessorOptions.RULES, ProcessorOptions.EXPLAIN})
public final class StencilProcessor extends AbstractProcessor {
    private static final String STENCILS = "dev.intaglio.dsl.Stencils";

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latestSupported();
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        for (TypeElement annotation : annotations) {
            boolean onTypes = annotation.getQualifiedName().contentEquals(STENCILS);
            for (Element element : round.getElementsAnnotatedWith(annotation)) {
                if (onTypes && element instanceof TypeElement type) {
                    guarded(type);
                } else if (!onTypes) {
                    checkEnclosed(element);
                }
            }
        }
        return false;
    }

    /** The rim: what we did not foresee becomes a message, not a crash of the compiler. */
    private void guarded(TypeElement type) {
        try {
            emitter(type);
        } catch (RuntimeException unforeseen) {
            StringWriter trace = new StringWriter();
            unforeseen.printStackTrace(new PrintWriter(trace));
            processingEnv
                    .getMessager()
                    .printMessage(Kind.ERROR, "[" + DiagnosticCode.INTERNAL + "] please report this: " + trace, type);
        }
    }

    private void emitter(TypeElement type) {
        ProcessorOptions options = ProcessorOptions.of(processingEnv.getOptions());
        StencilSources sources = new StencilSources(processingEnv);
        Reporter reporter = new Reporter(processingEnv, sources);
        StencilCollector collector = new StencilCollector(processingEnv.getElementUtils());
        List<Declared> declared = collector.collect(type);
        collector.problems().forEach(problem -> reporter.report(problem.element(), problem.diagnostic()));

        Pipeline pipeline = new Pipeline(options.parser(), options.rules());
        List<StencilPlace> places = new ArrayList<>();
        List<StencilUnit> units = new ArrayList<>();
        for (Declared stencil : declared) {
            StencilPlace place = sources.place(stencil);
            Compiled compiled = pipeline.compile(
                    stencil.method().getSimpleName().toString(), stencil.parameters(), stencil.scope(), place.text());
            places.add(place);
            units.add(compiled.unit());
            if (options.explain()) {
                compiled.rewrites().forEach(rewrite -> reporter.note(place, note(rewrite)));
            }
        }
        boolean textIsWrong = units.stream().anyMatch(unit -> unit.diagnostics().hasErrors());
        EmitterUnit unit = unit(type, units);
        GlobalLabels.check(unit);
        // Written even if a text is wrong: planning finds the mistakes of the other stencils.
        GeneratedSource file = EmitterWriter.write(unit);
        boolean wrong = !collector.problems().isEmpty() || textIsWrong;
        for (int i = 0; i < units.size(); i++) {
            List<Diagnostic> mistakes = units.get(i).diagnostics().all();
            reporter.report(places.get(i), mistakes);
            wrong |= !mistakes.isEmpty();
        }
        if (!wrong) {
            write(file, type);
        }
    }

    private EmitterUnit unit(TypeElement type, List<StencilUnit> units) {
        String packageName = processingEnv
                .getElementUtils()
                .getPackageOf(type)
                .getQualifiedName()
                .toString();
        String qualified = type.getQualifiedName().toString();
        String name = packageName.isEmpty() ? qualified : qualified.substring(packageName.length() + 1);
        return new EmitterUnit(packageName, name, name.replace('.', '_') + "Emitter", isPublic(type), units);
    }

    private static boolean isPublic(Element type) {
        for (Element element = type; element instanceof TypeElement; element = element.getEnclosingElement()) {
            if (!element.getModifiers().contains(Modifier.PUBLIC)) {
                return false;
            }
        }
        return true;
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

    private static Diagnostic note(Rewrite rewrite) {
        return new Diagnostic(DiagnosticCode.INTERNAL, rewrite.span(), "rule " + rewrite, List.of(), Optional.empty());
    }

    /** A stencil in an interface that is not marked would be lost without a word. */
    private void checkEnclosed(Element method) {
        Element owner = method.getEnclosingElement();
        boolean marked = owner.getAnnotationMirrors().stream()
                .anyMatch(mirror -> mirror.getAnnotationType().toString().equals(STENCILS));
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
                                    + " itself: it is not marked @Stencils",
                            method);
        }
    }
}
