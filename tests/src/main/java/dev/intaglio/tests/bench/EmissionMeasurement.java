package dev.intaglio.tests.bench;

import dev.intaglio.runtime.CodeBuffer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What writers take for the traces of one order, in nanoseconds an instruction. */
final class EmissionMeasurement {
    private final String order;
    private final Trace[] traces;
    private final double instructions;
    private final CodeBuffer buffer;
    private final Stopwatch watch;
    private final long near;
    private final long dealloc;
    private final long deopt;
    private final long function;

    EmissionMeasurement(String order, CodeBuffer buffer, Stopwatch watch) {
        this.order = order;
        this.buffer = buffer;
        this.watch = watch;
        traces = EmissionRun.traces(order).toArray(Trace[]::new);
        instructions =
                Arrays.stream(traces).mapToInt(Trace::instructions).average().orElseThrow();
        near = buffer.code().base();
        dealloc = near + EmissionRun.AWAY;
        deopt = dealloc + 64;
        function = dealloc + 128;
    }

    List<Figure> figures(EmissionRun.Writer writer) {
        return switch (writer) {
            case STENCILS -> ofStencils(new StencilTrace(new EmissionStencilsEmitter(buffer)));
            case COPY_AND_PATCH -> ofCopyAndPatch(new StencilTrace(new EmissionStencilsCopyAndPatchEmitter(buffer)));
            case BYTES -> ofBytes(new ByteWriter());
            case NOTHING -> ofNothing(new StencilTrace(new NoStencils()));
        };
    }

    private List<Figure> ofStencils(StencilTrace stencils) {
        checkEqual(stencils);
        double bytes = bytes(stencils);
        double linked = linked(stencils);
        buffer.reset();
        double committed = watch.nanos(n -> {
            for (int i = 0; i < n; i++) {
                stencils.emit(traces[i % traces.length], dealloc, deopt, function);
                buffer.commit("trace").close();
            }
        });
        double copied = watch.nanos(new Copy((int) bytes));
        return List.of(
                figure("Intaglio, emission and link", linked, bytes),
                figure("Intaglio, the same with commit and close", committed, bytes),
                figure("memcpy of as many bytes", copied, bytes));
    }

    private List<Figure> ofCopyAndPatch(StencilTrace stencils) {
        double bytes = bytes(stencils);
        return List.of(figure("copy-and-patch's encodings, by Intaglio", linked(stencils), bytes));
    }

    private List<Figure> ofBytes(ByteWriter writer) {
        double written = watch.nanos(n -> {
            for (int i = 0; i < n; i++) {
                writer.reset(near, near + 1);
                writer.emit(traces[i % traces.length], dealloc, deopt, function);
                writer.link();
            }
        });
        return List.of(figure("byte-at-a-time writer in Java", written, writer.hotSize() + writer.coldSize()));
    }

    private List<Figure> ofNothing(StencilTrace nothing) {
        double loop = watch.nanos(n -> {
            for (int i = 0; i < n; i++) {
                nothing.emit(traces[i % traces.length], dealloc, deopt, function);
            }
        });
        return List.of(figure("the loop that calls stencils alone", loop, 0));
    }

    private double linked(StencilTrace stencils) {
        return watch.nanos(n -> {
            for (int i = 0; i < n; i++) {
                buffer.reset();
                stencils.emit(traces[i % traces.length], dealloc, deopt, function);
                buffer.link();
            }
        });
    }

    /** A trace's bytes on average. */
    private double bytes(StencilTrace stencils) {
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

    /** The byte writer must write the same bytes, or the comparison would mean nothing. */
    private void checkEqual(StencilTrace stencils) {
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

    private Figure figure(String who, double nanosATrace, double bytesATrace) {
        String note = bytesATrace == 0 ? "" : String.format(Locale.ROOT, "%.0f MB/s", bytesATrace / nanosATrace * 1000);
        return new Figure(EmissionRun.group(order), who, nanosATrace / instructions, "ns", note);
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
