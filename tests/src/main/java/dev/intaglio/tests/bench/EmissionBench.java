package dev.intaglio.tests.bench;

import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Emission of traces of a thousand stencils: emission, link and commit apart, beside a byte-at-a-time writer. */
@Command(
        name = "emission",
        mixinStandardHelpOptions = true,
        description = {
            "Emits traces of 1000 stencils (7594 instructions on average) and prints ns per instruction and MB/s.",
            "predictable: 16 traces whose stencils come in cyclic order. random: 200 traces in random order.",
            "Medians of samples of at least 50 ms, after a warm-up; compare ratios, not times."
        })
final class EmissionBench implements Callable<Integer> {
    private static final long SEED = 20260320;
    private static final long AWAY = 256L << 20;
    /** Traces before the first sample: enough for the second compiler to be done. */
    private static final int WARM_UP = 20_000;

    @Option(names = "--samples", defaultValue = "15", description = "Samples a figure (default: ${DEFAULT-VALUE}).")
    private int samples;

    @Option(names = "--json", description = "Print JSON instead of a table.")
    private boolean json;

    /** A figure of one trace set. */
    private record Figure(String traces, String what, double nanosPerInstruction, double megabytesPerSecond) {}

    @Override
    public Integer call() {
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer()) {
            List<Figure> predictable = measure("predictable", Trace.predictable(16, SEED), buffer);
            List<Figure> random = measure("random", Trace.random(200, SEED), buffer);
            print(java.util.stream.Stream.concat(predictable.stream(), random.stream())
                    .toList());
        }
        return 0;
    }

    private List<Figure> measure(String name, List<Trace> traces, CodeBuffer buffer) {
        long near = buffer.code().base();
        long dealloc = near + AWAY;
        long deopt = dealloc + 64;
        long function = dealloc + 128;
        StencilTrace stencils = new StencilTrace(new EmissionStencilsEmitter(buffer));
        StencilTrace templates = new StencilTrace(new EmissionStencilsCopyAndPatchEmitter(buffer));
        StencilTrace nothing = new StencilTrace(new NoStencils());
        ByteWriter writer = new ByteWriter();
        checkEqual(traces, stencils, writer, buffer, dealloc, deopt, function);

        double instructions =
                traces.stream().mapToInt(Trace::instructions).average().orElseThrow();
        buffer.reset();
        stencils.emit(traces.get(0), dealloc, deopt, function);
        double bytes = buffer.size();
        try (ProgressBar bar = new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(6L * samples)
                .setStyle(ProgressBarStyle.ASCII)
                .continuousUpdate()
                .build()) {
            double emission = median(bar, i -> {
                buffer.reset();
                stencils.emit(traces.get(i % traces.size()), dealloc, deopt, function);
            });
            double linked = median(bar, i -> {
                buffer.reset();
                stencils.emit(traces.get(i % traces.size()), dealloc, deopt, function);
                buffer.link();
            });
            buffer.reset();
            double committed = median(bar, i -> {
                stencils.emit(traces.get(i % traces.size()), dealloc, deopt, function);
                try (Code code = buffer.commit("trace")) {
                    if (code.size() == 0) {
                        throw new IllegalStateException("nothing was committed");
                    }
                }
            });
            double copied = median(bar, i -> {
                buffer.reset();
                templates.emit(traces.get(i % traces.size()), dealloc, deopt, function);
                buffer.link();
            });
            double loop = median(bar, i -> nothing.emit(traces.get(i % traces.size()), dealloc, deopt, function));
            double byByte = median(bar, i -> {
                writer.reset(near, near + 1);
                writer.emit(traces.get(i % traces.size()), dealloc, deopt, function);
                writer.link();
            });
            return List.of(
                    figure(name, "emission", emission, instructions, bytes),
                    figure(name, "link", Math.max(0, linked - emission), instructions, bytes),
                    figure(name, "commit (copy, register, free)", Math.max(0, committed - linked), instructions, bytes),
                    figure(name, "emission + link + commit", committed, instructions, bytes),
                    figure(name, "emission + link", linked, instructions, bytes),
                    figure(name, "  of it the loop that calls stencils", loop, instructions, bytes),
                    figure(name, "copy-and-patch's encodings + link", copied, instructions, bytes),
                    figure(name, "byte-at-a-time writer + link", byByte, instructions, bytes));
        }
    }

    /** Both ways must write the same bytes, or the comparison would mean nothing. */
    private static void checkEqual(
            List<Trace> traces,
            StencilTrace stencils,
            ByteWriter writer,
            CodeBuffer buffer,
            long dealloc,
            long deopt,
            long function) {
        for (Trace trace : traces) {
            buffer.reset();
            stencils.emit(trace, dealloc, deopt, function);
            writer.reset(buffer.code().base(), buffer.cold().base());
            writer.emit(trace, dealloc, deopt, function);
            writer.link();
            CodeBuffer.Image image = buffer.image();
            byte[] hot = Arrays.copyOf(writer.hotBytes(), writer.hotSize());
            byte[] cold = Arrays.copyOf(writer.coldBytes(), writer.coldSize());
            int different = Arrays.mismatch(hot, image.code());
            if (different >= 0 || !Arrays.equals(cold, image.cold())) {
                throw new IllegalStateException("the byte-at-a-time writer differs from the stencils at hot byte "
                        + different + " of " + image.code().length);
            }
        }
    }

    /** Nanoseconds for one trace. */
    private double median(ProgressBar bar, IntConsumer trace) {
        time(trace, WARM_UP);
        int repetitions = 1;
        while (time(trace, repetitions) < 50_000_000L) {
            repetitions *= 2;
        }
        double[] nanos = new double[samples];
        for (int i = 0; i < samples; i++) {
            nanos[i] = (double) time(trace, repetitions) / repetitions;
            bar.step();
        }
        Arrays.sort(nanos);
        return nanos[samples / 2];
    }

    private static long time(IntConsumer trace, int repetitions) {
        long start = System.nanoTime();
        for (int i = 0; i < repetitions; i++) {
            trace.accept(i);
        }
        return System.nanoTime() - start;
    }

    private static Figure figure(String traces, String what, double nanos, double instructions, double bytes) {
        return new Figure(traces, what, nanos / instructions, nanos == 0 ? 0 : bytes / nanos * 1000);
    }

    private void print(List<Figure> figures) {
        String machine = System.getProperty("java.vm.name") + " " + System.getProperty("java.version");
        if (json) {
            StringBuilder text = new StringBuilder("{\"jvm\": \"" + machine + "\", \"figures\": [");
            String separator = "";
            for (Figure figure : figures) {
                text.append(separator)
                        .append(String.format(
                                Locale.ROOT,
                                "%n  {\"traces\": \"%s\", \"what\": \"%s\", \"nsPerInstruction\": %.4f, \"megabytesPerSecond\": %.0f}",
                                figure.traces(),
                                figure.what(),
                                figure.nanosPerInstruction(),
                                figure.megabytesPerSecond()));
                separator = ",";
            }
            System.out.println(text + "\n]}");
            return;
        }
        System.out.println(machine);
        System.out.printf("%-12s  %-32s %16s %10s%n", "traces", "", "ns/instruction", "MB/s");
        for (Figure figure : figures) {
            System.out.printf(
                    Locale.ROOT,
                    "%-12s  %-32s %16.3f %10.0f%n",
                    figure.traces(),
                    figure.what(),
                    figure.nanosPerInstruction(),
                    figure.megabytesPerSecond());
        }
    }
}
