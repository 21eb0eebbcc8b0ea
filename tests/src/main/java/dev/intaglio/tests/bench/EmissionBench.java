package dev.intaglio.tests.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Emission of traces of a thousand stencils beside what others take for the same instructions. */
@Command(
        name = "emission",
        mixinStandardHelpOptions = true,
        description = {
            "Emits traces of 1000 stencils (7594 instructions on average) and prints nanoseconds an instruction.",
            "predictable: 16 traces whose stencils come in cyclic order. random: 200 traces in random order.",
            "Each writer has a JVM or process of its own. Xbyak, AsmJit and DynASM are compiled with g++ where their headers are found."
        })
final class EmissionBench implements Callable<Integer> {
    /** JVMs that are started to emit their first trace, at most. */
    private static final int STARTS = 7;

    @Mixin
    private Report report = new Report();

    @Mixin
    private Sampling sampling = new Sampling();

    @Option(
            names = "--include",
            paramLabel = "FOLDER",
            description = "Where to look for xbyak/ and asmjit/, besides the compiler's own folders.")
    private Optional<Path> include = Optional.empty();

    @Option(
            names = "--dynasm",
            paramLabel = "FOLDER",
            description = "LuaJIT's sources: a folder with dynasm/ and src/host/minilua.c.")
    private Optional<Path> dynasm = Optional.empty();

    @Option(names = "--java-only", description = "Compile and run no C++ programs.")
    private boolean javaOnly;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Figure> figures = new ArrayList<>();
        for (EmissionRun.Writer writer : EmissionRun.Writer.values()) {
            figures.addAll(ChildRun.figures(EmissionRun.class, OPTIONS, with(writer.name())));
        }
        NativeEmission peers = new NativeEmission(include, dynasm);
        if (!javaOnly) {
            figures.addAll(peers.figures(sampling));
        }
        figures.sort(Comparator.comparing(figure -> figure.group().contains("predictable") ? 0 : 1)); // stable
        figures.addAll(firstTraces());
        report.print("Emission", figures);
        peers.missing().forEach(System.out::println);
        return 0;
    }

    /** The median of some JVMs, phase by phase. */
    private List<Figure> firstTraces() throws IOException, InterruptedException {
        List<List<Figure>> all = new ArrayList<>();
        int starts = Math.min(STARTS, sampling.samples());
        try (ProgressBar bar = Stopwatch.bar("first trace", starts)) {
            for (int i = 0; i < starts; i++) {
                all.add(ChildRun.figures(FirstTrace.class, List.of(), List.of()));
                bar.step();
            }
        }
        List<Figure> medians = new ArrayList<>();
        for (int phase = 0; phase < all.get(0).size(); phase++) {
            int at = phase;
            medians.add(all.stream()
                    .map(run -> run.get(at))
                    .sorted(Comparator.comparing(Figure::value))
                    .toList()
                    .get(starts / 2));
        }
        return medians;
    }

    private List<String> with(String writer) {
        List<String> arguments = new ArrayList<>(sampling.arguments());
        arguments.add(writer);
        return arguments;
    }

    /**
     * Into a switch over many stencils the second compiler inlines them all, and spills what they share in each round.
     */
    private static final List<String> OPTIONS = List.of(
            "-XX:CompileCommand=quiet",
            "-XX:CompileCommand=dontinline,dev.intaglio.tests.bench.EmissionStencilsEmitter::*",
            "-XX:CompileCommand=dontinline,dev.intaglio.tests.bench.EmissionStencilsCopyAndPatchEmitter::*");
}
