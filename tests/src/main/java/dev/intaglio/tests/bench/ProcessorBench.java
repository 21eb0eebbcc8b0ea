package dev.intaglio.tests.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
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

/** What the processor adds to a compilation, beside javac's own time for the same sources with the emitters written before. */
@Command(
        name = "processor",
        description = {
            "Compiles interfaces of stencils, each time in a new process: with the processor, and without it but with the"
                    + " emitters that it wrote.",
            "Prints medians of CPU milliseconds, start of the JVM included."
        })
final class ProcessorBench implements Callable<Integer> {
    @Option(
            names = "--stencils",
            split = ",",
            defaultValue = "1,10,1000",
            converter = Count.class,
            description = "Numbers of stencils (default: ${DEFAULT-VALUE}).")
    private List<Integer> counts = List.of();

    @Option(
            names = "--runs",
            defaultValue = "5",
            converter = Count.class,
            description = "Runs a figure (default: ${DEFAULT-VALUE}).")
    private int runs;

    /** A compilation: milliseconds, and what the processor noted of its stages. */
    private record Run(long wall, long cpu, Optional<String> note) {}

    @Mixin
    private Help help = new Help();

    @Mixin
    private Report report = new Report();

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Figure> figures = new ArrayList<>();
        try (ProgressBar bar = Progress.bar("processor", 2L * counts.size() * runs)) {
            for (int count : counts) {
                Path folder = Files.createTempDirectory("intaglio-bench");
                try {
                    figures.addAll(measure(count, folder, bar));
                } finally {
                    delete(folder);
                }
            }
        }
        report.print("Compilation of stencils", figures);
        return 0;
    }

    private List<Figure> measure(int count, Path folder, ProgressBar bar) throws IOException, InterruptedException {
        Path written = Files.createDirectory(folder.resolve("written"));
        List<Path> sources = StencilSources.write(count, folder);
        List<Run> with = new ArrayList<>();
        List<Run> without = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            with.add(compile(
                    folder.resolve("classes"), List.of("-s", written.toString(), "-Aintaglio.timing"), sources));
            bar.step();
            List<Path> all = new ArrayList<>(sources);
            try (Stream<Path> emitters = Files.walk(written)) {
                emitters.filter(file -> file.toString().endsWith(".java")).forEach(all::add);
            }
            without.add(compile(folder.resolve("plain"), List.of("-proc:none"), all));
            bar.step();
        }
        return List.of(
                figure(count, "javac alone", median(without)), figure(count, "with the processor", median(with)));
    }

    private static Figure figure(int count, String who, Run run) {
        String note =
                run.wall() + " ms elapsed" + run.note().map(text -> "; " + text).orElse("");
        return new Figure("CPU time for " + count + " stencils", who, run.cpu(), "ms", note);
    }

    private static Run median(List<Run> some) {
        return some.stream().sorted(Comparator.comparingLong(Run::cpu)).toList().get(some.size() / 2);
    }

    private static Run compile(Path classes, List<String> options, List<Path> sources)
            throws IOException, InterruptedException {
        Files.createDirectories(classes);
        String path = System.getProperty("java.class.path");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                path,
                OneCompilation.class.getName(),
                "-cp",
                path,
                "-d",
                classes.toString()));
        if (!options.contains("-proc:none")) {
            command.addAll(List.of("--processor-path", processorPath(path)));
        }
        command.addAll(options);
        sources.forEach(source -> command.add(source.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines;
        try (var reader = process.inputReader()) {
            lines = reader.lines().toList();
        }
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join("\n", lines));
        }
        String[] last = lines.get(lines.size() - 1).split(" ");
        return new Run(
                Long.parseLong(last[0]),
                Long.parseLong(last[1]),
                lines.stream().filter(line -> line.contains("intaglio: ")).findFirst());
    }

    /** The processor with what it needs: as a user's build has it, without everything else of this module. */
    private static String processorPath(String path) {
        List<String> wanted = List.of(
                "/assembly/",
                "/peephole-rules/",
                "/processor/",
                "/dsl-annotations/",
                "javapoet",
                "javaparser-core",
                "intaglio-assembly",
                "intaglio-peephole-rules",
                "intaglio-processor",
                "intaglio-annotations");
        return Stream.of(path.split(File.pathSeparator))
                .filter(entry -> wanted.stream().anyMatch(entry::contains))
                .reduce((first, second) -> first + File.pathSeparator + second)
                .orElseThrow();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
