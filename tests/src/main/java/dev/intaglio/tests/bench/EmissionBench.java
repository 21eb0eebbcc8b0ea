package dev.intaglio.tests.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Emission of traces of a thousand stencils beside what others take for the same instructions. */
@Command(
        name = "emission",
        description = {
            "Emits traces of 1000 stencils (7594 instructions on average) and prints nanoseconds an instruction.",
            "predictable: 16 traces whose stencils come in cyclic order. random: 200 traces in random order.",
            "Each writer has a JVM or process of its own, and all take turns. Xbyak, AsmJit and DynASM are compiled with g++ where their headers are found."
        })
final class EmissionBench implements Callable<Integer> {
    /** JVMs that are started in a round to emit their first trace, at most. */
    private static final int STARTS = 3;

    /** The first words of what is measured, in the order of the table. */
    private static final List<String> GROUPS = List.of("predictable", "random", "the");

    /**
     * Into a switch over many stencils the second compiler inlines them all, and spills what they share in each round.
     */
    private static final List<String> OPTIONS = List.of(
            "-XX:CompileCommand=quiet",
            "-XX:CompileCommand=dontinline,dev.intaglio.tests.bench.EmissionStencilsEmitter::*",
            "-XX:CompileCommand=dontinline,dev.intaglio.tests.bench.EmissionStencilsCopyAndPatchEmitter::*");

    @Mixin
    private Help help = new Help();

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

    @Option(
            names = "--rounds",
            defaultValue = "3",
            converter = Count.class,
            description =
                    "Rounds in which the writers take turns, each with its part of the samples (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Figure> figures = new ArrayList<>();
        Sampling part = sampling.part(rounds);
        List<String> missing;
        try (ProgressBar bar = Progress.bar("emission", steps(part, javaOnly ? 0 : NativeEmission.PROGRAMS));
                NativeEmission peers = javaOnly ? null : new NativeEmission(include, dynasm, bar)) {
            bar.maxHint(steps(part, peers == null ? 0 : peers.programs()));
            for (int round = 0; round < rounds; round++) {
                for (EmissionRun.Writer writer : EmissionRun.Writer.values()) {
                    bar.setExtraMessage(writer.toString());
                    List<String> arguments = new ArrayList<>(part.arguments());
                    arguments.add(writer.name());
                    figures.addAll(ChildRun.figures(EmissionRun.class, OPTIONS, arguments, bar));
                }
                bar.setExtraMessage("first trace");
                for (int i = 0; i < starts(part); i++) {
                    figures.addAll(ChildRun.figures(FirstTrace.class, List.of(), List.of(), bar));
                    bar.step();
                }
                if (peers != null) {
                    figures.addAll(peers.figures(part, bar));
                }
            }
            bar.setExtraMessage("");
            missing = peers == null ? List.of() : peers.missing();
        }
        List<Figure> medians = Figure.medians(figures);
        medians.sort(
                Comparator.comparing(figure -> GROUPS.indexOf(figure.group().split(" ")[0]))); // stable
        report.print("Emission", medians);
        missing.forEach(System.out::println);
        return 0;
    }

    /** The samples of all rounds, JVMs started for their first trace, and what compilation counts. */
    private long steps(Sampling part, int programs) {
        int figures = Stream.of(EmissionRun.Writer.values())
                .mapToInt(EmissionRun.Writer::figures)
                .sum();
        int round = part.samples() * (figures + programs * NativeEmission.FIGURES) + starts(part);
        return (long) rounds * round + (javaOnly ? 0 : NativeEmission.COMPILATION);
    }

    private static int starts(Sampling part) {
        return Math.min(STARTS, part.samples());
    }
}
