package dev.intaglio.processor;

import dev.intaglio.assembly.diagnostic.Diagnostic;
import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.machine.CpuFeatures;
import dev.intaglio.processor.Pipeline.Compiled;
import dev.intaglio.processor.layout.Arrangement;
import dev.intaglio.processor.layout.Strategy;
import dev.intaglio.processor.resolve.Annotations;
import dev.intaglio.processor.resolve.EmitterUnit;
import dev.intaglio.processor.resolve.InheritedNames;
import dev.intaglio.processor.resolve.OutsideNames;
import dev.intaglio.processor.resolve.Problem;
import dev.intaglio.processor.resolve.StencilCollector;
import dev.intaglio.processor.resolve.StencilCollector.Collected;
import dev.intaglio.processor.resolve.StencilCollector.Declared;
import dev.intaglio.processor.resolve.StencilUnit;
import dev.intaglio.processor.source.Reporter;
import dev.intaglio.processor.source.StencilPlace;
import dev.intaglio.processor.source.StencilSources;
import dev.intaglio.processor.timing.Timing;
import dev.intaglio.processor.timing.Timing.Stage;
import dev.intaglio.processor.write.EmitterWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.Element;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.ModuleElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;

/** Takes an interface through all stages before writing. */
public final class InterfaceCompiler {
    /**
     * An interface with its stencils compiled.
     *
     * @param stencils in the order of the unit's stencils
     * @param places likewise
     */
    public record Result(
            EmitterUnit unit, List<Compiled> stencils, List<StencilPlace> places, List<Problem> problems) {}

    private final ProcessingEnvironment environment;
    private final ProcessorOptions options;
    private final StencilSources sources;
    private final Reporter reporter;
    private final Timing timing = new Timing();

    public InterfaceCompiler(ProcessingEnvironment environment) {
        this.environment = environment;
        options = ProcessorOptions.of(environment.getOptions());
        sources = new StencilSources(environment);
        reporter = new Reporter(environment, sources);
    }

    /** The strategies by which an emitter each is to be written. */
    public Set<Strategy> strategies() {
        return options.strategies();
    }

    /** How long it took until now. */
    public Timing timing() {
        return timing;
    }

    /** Whether somebody wants to know. */
    boolean isTimed() {
        return options.timing();
    }

    /** Compiles the stencils of an interface; mistakes wait in the result. */
    public Result compile(TypeElement type, Strategy strategy) {
        StencilCollector collector =
                new StencilCollector(environment.getElementUtils(), options.cpu(), sources::imports);
        Pipeline pipeline = new Pipeline(options.parser(), options.rules(), timing);
        List<Compiled> compiled = new ArrayList<>();
        List<StencilPlace> places = new ArrayList<>();
        Collected collected = timing.measure(Stage.COLLECT, () -> collector.collect(type));
        List<Declared> declared = collected.stencils();
        Map<TypeElement, OutsideNames> names =
                timing.measure(Stage.COLLECT, () -> collector.outsideNames(type, declared));
        Arrangement asked = new Arrangement(
                options.split() || Annotations.asksForSplit(type),
                Annotations.asksForFrame(type),
                Annotations.asksForShare(type));
        for (Declared stencil : declared) {
            StencilPlace place = timing.measure(Stage.COLLECT, () -> sources.place(stencil));
            places.add(place);
            StencilUnit empty = new StencilUnit(
                    stencil.method().getSimpleName().toString(),
                    stencil.parameters(),
                    List.of(),
                    place.text(),
                    names.get(stencil.declaring()).references(),
                    stencil.target(),
                    stencil.contract(),
                    strategy,
                    strategy == Strategy.OPTIMIZED && Annotations.asksForCarry(type),
                    new Diagnostics());
            compiled.add(pipeline.compile(empty, stencil.scope(), asked));
        }
        EmitterUnit unit = unit(
                type,
                options.strategies().size() > 1 ? strategy.infix() : "",
                collected.cpu(),
                collector.inheritedNames(type),
                suppressed(type, declared),
                names.values(),
                compiled.stream().map(Compiled::unit).toList());
        GlobalLabels.check(unit);
        timing.count(declared.size());
        return new Result(unit, compiled, places, collector.problems());
    }

    /** Reports all mistakes, and rewrites where they are asked for; whether there was none. */
    public boolean report(Result result) {
        result.problems().forEach(reporter::report);
        boolean right = result.problems().isEmpty();
        for (int i = 0; i < result.stencils().size(); i++) {
            Compiled stencil = result.stencils().get(i);
            StencilPlace place = result.places().get(i);
            List<Diagnostic> mistakes = stencil.unit().diagnostics().all();
            reporter.report(place, mistakes);
            right &= mistakes.stream().allMatch(mistake -> mistake.code().isWarning());
            if (options.explain()) {
                stencil.rewrites().forEach(rewrite -> reporter.note(place, rewrite.span(), "rule " + rewrite));
            }
        }
        return right;
    }

    /** What the author suppresses around a stencil's Java must be suppressed in the emitter too. */
    private static Set<String> suppressed(TypeElement type, List<Declared> stencils) {
        Set<String> suppressed = new TreeSet<>(Annotations.suppressed(type));
        stencils.forEach(stencil -> suppressed.addAll(Annotations.suppressed(stencil.method())));
        return suppressed;
    }

    private EmitterUnit unit(
            TypeElement type,
            String infix,
            CpuFeatures cpu,
            InheritedNames inherited,
            Set<String> suppressed,
            Collection<OutsideNames> names,
            List<StencilUnit> units) {
        String packageName = environment
                .getElementUtils()
                .getPackageOf(type)
                .getQualifiedName()
                .toString();
        String qualified = type.getQualifiedName().toString();
        String name = packageName.isEmpty() ? qualified : qualified.substring(packageName.length() + 1);
        Map<String, Set<String>> staticImports = new TreeMap<>();
        names.forEach(some -> some.staticImports()
                .forEach((owner, members) -> staticImports
                        .computeIfAbsent(owner, unused -> new TreeSet<>())
                        .addAll(members)));
        return new EmitterUnit(
                packageName,
                name,
                name.replace('.', '_') + infix + "Emitter",
                isPublic(type),
                seesGenerated(type),
                cpu.isAny() ? "" : cpu.text(),
                inherited,
                suppressed,
                staticImports,
                units);
    }

    /** A module sees it only if it reads java.compiler. */
    private boolean seesGenerated(TypeElement type) {
        Elements elements = environment.getElementUtils();
        ModuleElement module = elements.getModuleOf(type);
        return module == null || elements.getTypeElement(module, EmitterWriter.GENERATED) != null;
    }

    private static boolean isPublic(Element type) {
        for (Element element = type; element instanceof TypeElement; element = element.getEnclosingElement()) {
            if (!element.getModifiers().contains(Modifier.PUBLIC)) {
                return false;
            }
        }
        return true;
    }
}
