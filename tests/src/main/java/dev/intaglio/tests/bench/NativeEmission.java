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

    /** Programs that there may be. */
    static final int PROGRAMS = 3;

    /** Figures of a program that take samples. */
    static final int FIGURES = ORDERS.size();

    /** Steps of a bar while a program is compiled, which takes about as long as so many samples. */
    private static final int STEPS = 25;

    /** The steps of all programs. */
    static final int COMPILATION = PROGRAMS * STEPS;

    private final Optional<Path> include;
    private final Optional<Path> dynasm;
    private final Path folder;
    private final List<String> missing = new ArrayList<>();
    private final List<Program> programs = new ArrayList<>();

    /** Compiles, which is {@link #COMPILATION} steps of the bar. */
    NativeEmission(Optional<Path> include, Optional<Path> dynasm, ProgressBar bar)
            throws IOException, InterruptedException {
        this.include = include.map(Path::toAbsolutePath); // g++ runs in another folder
        this.dynasm = dynasm.map(Path::toAbsolutePath);
        folder = Files.createTempDirectory("intaglio-emission");
        Optional<String> complaint = Compiler.complaint(List.of("g++", "--version"), folder);
        if (complaint.isPresent()) {
            missing.add("Xbyak, AsmJit and DynASM: " + complaint.get());
            bar.stepBy(COMPILATION);
            return;
        }
        unpack(folder);
        bar.setExtraMessage("compiling C++");
        compile("Xbyak", "xbyak.cpp", List.of());
        bar.stepBy(STEPS);
        compile("AsmJit", "asmjit.cpp", List.of("-lasmjit", "-lrt", "-lpthread"));
        bar.stepBy(STEPS);
        translate();
        bar.stepBy(STEPS);
    }

    /** How many there are to be measured. */
    int programs() {
        return programs.size();
    }

    /** What could not be measured, and why. */
    List<String> missing() {
        return List.copyOf(missing);
    }

    /** One run of each. */
    List<Figure> figures(Sampling sampling, ProgressBar bar) throws IOException, InterruptedException {
        List<Figure> figures = new ArrayList<>();
        List<Result> results = new ArrayList<>();
        for (Program program : programs) {
            bar.setExtraMessage(program.name());
            Result result = program.run(sampling, folder);
            bar.stepBy((long) FIGURES * sampling.samples());
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
        Optional<String> complaint = Compiler.complaint(command, folder);
        if (complaint.isEmpty()) {
            programs.add(new Program(name, program));
        } else {
            missing.add(name + ": " + explained(name, complaint.get()));
        }
    }

    /** Where to get what is not there; any other error is g++'s to tell. */
    private static String explained(String name, String complaint) {
        String library = name.toLowerCase(Locale.ROOT);
        return Compiler.absent(complaint)
                .filter(file -> file.startsWith(library + "/") || file.equals("-l" + library))
                .map(file -> file + " was not found (Debian has it in lib" + library
                        + "-dev; --include FOLDER names another place)")
                .orElse("not compiled: " + complaint);
    }

    private void translate() throws IOException, InterruptedException {
        if (dynasm.isEmpty()) {
            missing.add("DynASM: wants LuaJIT's sources (--dynasm FOLDER)");
            return;
        }
        Path lua = folder.resolve("minilua");
        Path luaSource = dynasm.get().resolve("src/host/minilua.c");
        Path translator = dynasm.get().resolve("dynasm/dynasm.lua");
        for (Path source : List.of(translator, luaSource)) {
            if (!Files.exists(source)) {
                missing.add("DynASM: there is no " + source + " (--dynasm FOLDER wants LuaJIT's sources)");
                return;
            }
        }
        Optional<String> complaint =
                Compiler.complaint(List.of("gcc", "-O2", luaSource.toString(), "-o", lua.toString(), "-lm"), folder);
        if (complaint.isEmpty()) {
            complaint = Compiler.complaint(
                    List.of(lua.toString(), translator.toString(), "-o", "dynasm.cpp", "dynasm.dasc"), folder);
        }
        if (complaint.isEmpty()) {
            compile("DynASM", "dynasm.cpp", List.of());
        } else {
            missing.add("DynASM: not translated: " + complaint.get());
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
