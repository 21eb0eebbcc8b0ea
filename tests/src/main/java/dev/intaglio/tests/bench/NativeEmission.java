package dev.intaglio.tests.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;

/** C++ assemblers on the same traces: small programs, compiled where g++ and the libraries are found, in a folder until it is closed. */
final class NativeEmission implements AutoCloseable {
    private static final List<String> ORDERS = List.of("predictable", "random");

    private final Optional<Path> include;
    private final Optional<Path> dynasm;
    private final Path folder;
    private final List<String> missing = new ArrayList<>();
    private final List<Program> programs = new ArrayList<>();

    NativeEmission(Optional<Path> include, Optional<Path> dynasm) throws IOException, InterruptedException {
        this.include = include;
        this.dynasm = dynasm;
        folder = Files.createTempDirectory("intaglio-emission");
        if (!succeeds(List.of("g++", "--version"), folder)) {
            missing.add("Xbyak, AsmJit and DynASM: g++ is not installed");
            return;
        }
        try (ProgressBar bar = Stopwatch.bar("compiling C++", 3)) {
            unpack(folder);
            compile("Xbyak", "xbyak.cpp", List.of());
            bar.step();
            compile("AsmJit", "asmjit.cpp", List.of("-lasmjit", "-lrt", "-lpthread"));
            bar.step();
            translate();
            bar.step();
        }
    }

    /** What could not be measured, and why. */
    List<String> missing() {
        return List.copyOf(missing);
    }

    /** One run of each. */
    List<Figure> figures(Sampling sampling) throws IOException, InterruptedException {
        List<Figure> figures = new ArrayList<>();
        List<Result> results = new ArrayList<>();
        for (Program program : programs) {
            Result result = program.run(sampling, folder);
            figures.addAll(result.figures());
            results.add(result);
        }
        checkEqual(results);
        return figures;
    }

    private void compile(String name, String source, List<String> libraries) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("g++", "-O2", "-I", folder.toString()));
        include.ifPresent(path -> command.addAll(List.of(
                "-I",
                path.toString(),
                "-L",
                path.resolveSibling("lib/x86_64-linux-gnu").toString())));
        dynasm.ifPresent(
                path -> command.addAll(List.of("-I", path.resolve("dynasm").toString())));
        Path program = folder.resolve(name);
        command.addAll(List.of(folder.resolve(source).toString(), "-o", program.toString()));
        command.addAll(libraries);
        if (succeeds(command, folder)) {
            programs.add(new Program(name, program));
            return;
        }
        missing.add(name + ": not installed (Debian has it as lib" + name.toLowerCase(Locale.ROOT) + "-dev)");
    }

    private void translate() throws IOException, InterruptedException {
        if (dynasm.isEmpty()) {
            missing.add("DynASM: give LuaJIT's sources with --dynasm");
            return;
        }
        Path lua = folder.resolve("minilua");
        Path sources = dynasm.get();
        boolean done = succeeds(
                        List.of(
                                "gcc",
                                "-O2",
                                sources.resolve("src/host/minilua.c").toString(),
                                "-o",
                                lua.toString(),
                                "-lm"),
                        folder)
                && succeeds(
                        List.of(
                                lua.toString(),
                                sources.resolve("dynasm/dynasm.lua").toString(),
                                "-o",
                                folder.resolve("dynasm.cpp").toString(),
                                folder.resolve("dynasm.dasc").toString()),
                        folder);
        if (done) {
            compile("DynASM", "dynasm.cpp", List.of());
        } else {
            missing.add("DynASM: " + sources + " has no dynasm/dynasm.lua and src/host/minilua.c that work");
        }
    }

    /** The same instructions in the same encodings; DynASM alone shortens branches forward. */
    private static void checkEqual(List<Result> results) {
        for (Result result : results) {
            Result first = results.get(0);
            for (int order = 0; order < ORDERS.size(); order++) {
                double difference =
                        Math.abs(result.bytes().get(order) - first.bytes().get(order));
                boolean exact = !result.name().equals("DynASM");
                if (exact && !result.hashes().get(order).equals(first.hashes().get(order))
                        || difference > first.bytes().get(order) / 100) {
                    throw new IllegalStateException(result.name() + " writes other bytes than " + first.name());
                }
            }
        }
    }

    private static void unpack(Path folder) throws IOException {
        for (String name : List.of("workload.h", "xbyak.cpp", "asmjit.cpp", "dynasm.dasc")) {
            try (InputStream stream = NativeEmission.class.getResourceAsStream(name)) {
                Files.copy(stream, folder.resolve(name));
            }
        }
        for (String order : ORDERS) {
            List<Trace> traces = EmissionRun.traces(order);
            ByteBuffer bytes =
                    ByteBuffer.allocate(traces.size() * Trace.LENGTH * 32).order(ByteOrder.LITTLE_ENDIAN);
            for (Trace trace : traces) {
                for (int[] column : trace.columns()) {
                    for (int value : column) {
                        bytes.putInt(value);
                    }
                }
                for (long value : trace.ptr()) {
                    bytes.putLong(value);
                }
            }
            Files.write(folder.resolve(order), bytes.array());
        }
    }

    private static boolean succeeds(List<String> command, Path folder) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private record Program(String name, Path file) {
        Result run(Sampling sampling, Path folder) throws IOException, InterruptedException {
            Process process = new ProcessBuilder(
                            file.toString(),
                            Integer.toString(sampling.samples()),
                            Long.toString(sampling.millis()),
                            folder.resolve(ORDERS.get(0)).toString(),
                            folder.resolve(ORDERS.get(1)).toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            List<String> lines;
            try (var reader = process.inputReader()) {
                lines = reader.lines().toList();
            }
            if (process.waitFor() != 0) {
                throw new IllegalStateException(name + " failed: " + lines);
            }
            double first = Double.parseDouble(lines.get(0));
            Result result = new Result(name, first, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (String line : lines.subList(1, lines.size())) {
                String[] fields = line.split(" ");
                result.nanos().add(Double.parseDouble(fields[0]));
                result.bytes().add(Double.parseDouble(fields[1]));
                result.hashes().add(fields[2]);
            }
            return result;
        }
    }

    /** What a program printed: of its first trace, and order by order. */
    private record Result(String name, double first, List<Double> nanos, List<Double> bytes, List<String> hashes) {

        List<Figure> figures() {
            List<Figure> figures = new ArrayList<>();
            for (int i = 0; i < ORDERS.size(); i++) {
                double instructions = EmissionRun.traces(ORDERS.get(i)).stream()
                        .mapToInt(Trace::instructions)
                        .average()
                        .orElseThrow();
                String note = String.format(Locale.ROOT, "%.0f MB/s", bytes.get(i) / nanos.get(i) * 1000);
                figures.add(new Figure(
                        EmissionRun.group(ORDERS.get(i)), name + " in C++", nanos.get(i) / instructions, "ns", note));
            }
            figures.add(new Figure(
                    FirstTrace.GROUP, name + " in C++, emission of a process's first trace", first / 1e6, "ms"));
            return figures;
        }
    }
}
