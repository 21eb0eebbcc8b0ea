package dev.intaglio.tests.bench;

import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A JVM in which one writer emits the traces, so that the JIT compiler sees no other. */
final class EmissionRun {
    static final long SEED = 20260320;
    /** From the code to what it calls. */
    static final long AWAY = 256L << 20;

    /** Who emits. */
    enum Writer {
        STENCILS(6),
        COPY_AND_PATCH(2),
        BYTES(2),
        NOTHING(2);

        private final int figures;

        Writer(int figures) {
            this.figures = figures;
        }

        /** How many figures are taken of it. */
        int figures() {
            return figures;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Mixin
    private Sampling sampling = new Sampling();

    @Parameters
    private Writer writer = Writer.STENCILS;

    private EmissionRun() {}

    /** The traces of a group. */
    static List<Trace> traces(String order) {
        return order.equals("predictable") ? Trace.predictable(16, SEED) : Trace.random(200, SEED);
    }

    static String group(String order) {
        return order + " order, an instruction";
    }

    public static void main(String[] arguments) {
        EmissionRun run = new EmissionRun();
        new CommandLine(run).parseArgs(arguments);
        run.figures().forEach(figure -> System.out.println(figure.line()));
    }

    private List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer()) {
            Stopwatch watch = sampling.watch(ChildRun::step);
            for (String order : List.of("predictable", "random")) {
                measure(order, traces(order), buffer, watch, figures);
            }
        }
        return figures;
    }

    private void measure(String order, List<Trace> traces, CodeBuffer buffer, Stopwatch watch, List<Figure> figures) {
        long near = buffer.code().base();
        long dealloc = near + AWAY;
        long deopt = dealloc + 64;
        long function = dealloc + 128;
        Trace[] all = traces.toArray(Trace[]::new);
        double instructions =
                traces.stream().mapToInt(Trace::instructions).average().orElseThrow();
        switch (writer) {
            case STENCILS -> {
                StencilTrace stencils = new StencilTrace(new EmissionStencilsEmitter(buffer));
                checkEqual(traces, stencils, buffer, dealloc, deopt, function);
                buffer.reset();
                double bytes = bytes(stencils, all, buffer, dealloc, deopt, function);
                double linked = watch.nanos(n -> {
                    for (int i = 0; i < n; i++) {
                        buffer.reset();
                        stencils.emit(all[i % all.length], dealloc, deopt, function);
                        buffer.link();
                    }
                });
                buffer.reset();
                double committed = watch.nanos(n -> {
                    for (int i = 0; i < n; i++) {
                        stencils.emit(all[i % all.length], dealloc, deopt, function);
                        buffer.commit("trace").close();
                    }
                });
                double copied = watch.nanos(new Copy((int) bytes));
                add(figures, order, "Intaglio, emission and link", linked / instructions, bytes / instructions);
                add(
                        figures,
                        order,
                        "Intaglio, the same with commit and close",
                        committed / instructions,
                        bytes / instructions);
                add(figures, order, "memcpy of as many bytes", copied / instructions, bytes / instructions);
            }
            case COPY_AND_PATCH -> {
                StencilTrace stencils = new StencilTrace(new EmissionStencilsCopyAndPatchEmitter(buffer));
                double bytes = bytes(stencils, all, buffer, dealloc, deopt, function);
                double linked = watch.nanos(n -> {
                    for (int i = 0; i < n; i++) {
                        buffer.reset();
                        stencils.emit(all[i % all.length], dealloc, deopt, function);
                        buffer.link();
                    }
                });
                add(
                        figures,
                        order,
                        "copy-and-patch's encodings, by Intaglio",
                        linked / instructions,
                        bytes / instructions);
            }
            case BYTES -> {
                ByteWriter byByte = new ByteWriter();
                double written = watch.nanos(n -> {
                    for (int i = 0; i < n; i++) {
                        byByte.reset(near, near + 1);
                        byByte.emit(all[i % all.length], dealloc, deopt, function);
                        byByte.link();
                    }
                });
                double bytes = byByte.hotSize() + byByte.coldSize();
                add(figures, order, "byte-at-a-time writer in Java", written / instructions, bytes / instructions);
            }
            case NOTHING -> {
                StencilTrace nothing = new StencilTrace(new NoStencils());
                double loop = watch.nanos(n -> {
                    for (int i = 0; i < n; i++) {
                        nothing.emit(all[i % all.length], dealloc, deopt, function);
                    }
                });
                add(figures, order, "the loop that calls stencils alone", loop / instructions, 0);
            }
        }
    }

    private static void add(List<Figure> figures, String order, String who, double nanos, double bytes) {
        String note = bytes == 0 ? "" : String.format(Locale.ROOT, "%.0f MB/s", bytes / nanos * 1000);
        figures.add(new Figure(group(order), who, nanos, "ns", note));
    }

    private static double bytes(
            StencilTrace stencils, Trace[] traces, CodeBuffer buffer, long dealloc, long deopt, long function) {
        long sum = 0;
        for (Trace trace : traces) {
            buffer.reset();
            stencils.emit(trace, dealloc, deopt, function);
            buffer.link();
            sum += buffer.size();
        }
        buffer.reset();
        return (double) sum / traces.length;
    }

    /** Both ways must write the same bytes, or the comparison would mean nothing. */
    private static void checkEqual(
            List<Trace> traces, StencilTrace stencils, CodeBuffer buffer, long dealloc, long deopt, long function) {
        ByteWriter writer = new ByteWriter();
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

    /** A plain copy. */
    private static final class Copy implements Stopwatch.Work {
        private final ByteBuffer from;
        private final ByteBuffer to;

        Copy(int bytes) {
            from = ByteBuffer.allocateDirect(bytes);
            to = ByteBuffer.allocateDirect(bytes);
        }

        @Override
        public void times(int repetitions) {
            for (int i = 0; i < repetitions; i++) {
                to.put(0, from, 0, from.capacity());
            }
        }
    }
}
