package dev.intaglio.tests.bench;

import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A JVM in which one writer emits the traces, so that the JIT compiler sees no other. */
final class EmissionRun {
    static final long SEED = 20260320;
    /** From the code to what it calls, below it as libraries are. */
    static final long AWAY = -(256L << 20);

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
                figures.addAll(new EmissionMeasurement(order, buffer, watch).figures(writer));
            }
        }
        return figures;
    }
}
