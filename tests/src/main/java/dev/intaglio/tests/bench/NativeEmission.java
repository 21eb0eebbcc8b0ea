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

/** C++ assemblers on the same traces: small programs, compiled where g++ and the libraries are found. */
final class NativeEmission {
    private static final List<String> ORDERS = List.of("predictable", "random");

    private final Optional<Path> include;
    private final Optional<Path> dynasm;
    private final List<String> missing = new ArrayList<>();

    NativeEmission(Optional<Path> include, Optional<Path> dynasm) {
        this.include = include;
        this.dynasm = dynasm;
    }

    /** What could not be measured, and why. */
    List<String> missing() {
        return List.copyOf(missing);
    }

    List<Figure> figures(Sampling sampling) throws IOException, InterruptedException {
        if (!succeeds(List.of("g++", "--version"), Path.of("."))) {
            missing.add("Xbyak, AsmJit and DynASM: g++ is not installed");
            return List.of();
        }
        Path folder = Files.createTempDirectory("intaglio-emission");
        try (ProgressBar bar = Stopwatch.bar("emission, C++", 3)) {
            unpack(folder);
            List<Result> results = new ArrayList<>();
            compile("Xbyak", "xbyak.cpp", List.of(), folder)
                    .ifPresent(program -> results.add(new Result("Xbyak", program)));
            bar.step();
            compile("AsmJit", "asmjit.cpp", List.of("-lasmjit", "-lrt", "-lpthread"), folder)
                    .ifPresent(program -> results.add(new Result("AsmJit", program)));
            bar.step();
            translated(folder).ifPresent(program -> results.add(new Result("DynASM", program)));
            List<Figure> figures = new ArrayList<>();
            for (Result result : results) {
                result.run(sampling, folder);
                figures.addAll(result.figures());
            }
            bar.step();
            checkEqual(results);
            return figures;
        } finally {
            delete(folder);
        }
    }

    private Optional<Path> compile(String name, String source, List<String> libraries, Path folder)
            throws IOException, InterruptedException {
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
            return Optional.of(program);
        }
        missing.add(name + ": not installed (Debian has it as lib" + name.toLowerCase(Locale.ROOT) + "-dev)");
        return Optional.empty();
    }

    private Optional<Path> translated(Path folder) throws IOException, InterruptedException {
        if (dynasm.isEmpty()) {
            missing.add("DynASM: give LuaJIT's sources with --dynasm");
            return Optional.empty();
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
            return compile("DynASM", "dynasm.cpp", List.of(), folder);
        }
        missing.add("DynASM: " + sources + " has no dynasm/dynasm.lua and src/host/minilua.c that work");
        return Optional.empty();
    }

    /** The same instructions in the same encodings; DynASM alone shortens branches forward. */
    private static void checkEqual(List<Result> results) {
        for (Result result : results) {
            Result first = results.get(0);
            for (int order = 0; order < ORDERS.size(); order++) {
                double difference = Math.abs(result.bytes.get(order) - first.bytes.get(order));
                boolean exact = !result.name.equals("DynASM");
                if (exact && !result.hashes.get(order).equals(first.hashes.get(order))
                        || difference > first.bytes.get(order) / 100) {
                    throw new IllegalStateException(result.name + " writes other bytes than " + first.name);
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

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** A program and what it printed. */
    private static final class Result {
        private final String name;
        private final Path program;
        private final List<Double> nanos = new ArrayList<>();
        private final List<Double> bytes = new ArrayList<>();
        private final List<String> hashes = new ArrayList<>();

        Result(String name, Path program) {
            this.name = name;
            this.program = program;
        }

        void run(Sampling sampling, Path folder) throws IOException, InterruptedException {
            Process process = new ProcessBuilder(
                            program.toString(),
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
            for (String line : lines) {
                String[] fields = line.split(" ");
                nanos.add(Double.parseDouble(fields[0]));
                bytes.add(Double.parseDouble(fields[1]));
                hashes.add(fields[2]);
            }
        }

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
            return figures;
        }
    }
}
