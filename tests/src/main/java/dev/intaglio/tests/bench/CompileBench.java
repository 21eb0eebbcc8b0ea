package dev.intaglio.tests.bench;

import dev.intaglio.tests.bench.formula.Maker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A small compiler of formulas: how soon there is a value, and how fast further ones come. */
@Command(
        name = "compile",
        description = {
            "Compiles formulas of 31 operations over two variables, from a tree: by Intaglio, to JVM bytecode by ASM, and by jnr-x86asm.",
            "Prints the time to the first value and, of one formula, that of a value when all compilers are done.",
            "Each maker has JVMs of its own. Values are checked against the tree."
        })
final class CompileBench implements Callable<Integer> {
    /** JVMs that are started to compile their first formula, at most. */
    private static final int STARTS = 5;

    @Mixin
    private Help help = new Help();

    @Mixin
    private Report report = new Report();

    @Mixin
    private Sampling sampling = new Sampling();

    @Option(
            names = "--makers",
            split = ",",
            description = "Only these, of ${COMPLETION-CANDIDATES} (default: all that there are).")
    private List<Maker> wanted = List.of(Maker.values());

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Figure> figures = new ArrayList<>();
        List<Maker> makers = wanted.stream().filter(Maker::isThere).toList();
        int starts = Math.min(STARTS, sampling.samples());
        long sampled = makers.stream().mapToInt(CompileRun::sampled).sum();
        long steps = (long) starts * makers.size() + sampled * sampling.samples();
        try (ProgressBar bar = Progress.bar("compile", steps)) {
            for (Maker maker : makers) {
                bar.setExtraMessage("first values");
                List<Figure> some = new ArrayList<>();
                for (int i = 0; i < starts; i++) {
                    some.addAll(run(maker, CompileRun.Phase.FIRST, bar));
                    bar.step();
                }
                some.sort(Comparator.comparing(Figure::value));
                figures.add(some.get(starts / 2));
            }
            for (Maker maker : makers) {
                bar.setExtraMessage(maker.name().toLowerCase(Locale.ROOT).replace('_', '-'));
                figures.addAll(run(maker, CompileRun.Phase.MANY, bar));
                figures.addAll(run(maker, CompileRun.Phase.STEADY, bar));
            }
            bar.setExtraMessage("");
        }
        Map<String, List<Figure>> groups = new LinkedHashMap<>();
        figures.forEach(figure -> groups.computeIfAbsent(figure.group(), group -> new ArrayList<>())
                .add(figure));
        report.print("Formulas", groups.values().stream().flatMap(List::stream).toList());
        return 0;
    }

    private List<Figure> run(Maker maker, CompileRun.Phase phase, ProgressBar bar)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(sampling.arguments());
        arguments.add("--maker=" + maker.name());
        arguments.add("--phase=" + phase);
        return ChildRun.figures(CompileRun.class, List.of(), arguments, bar);
    }
}
