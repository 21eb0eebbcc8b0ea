package dev.intaglio.tests.bench.jmh;

import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.Label;
import dev.intaglio.tests.bench.EmissionStencils;
import dev.intaglio.tests.bench.EmissionStencilsEmitter;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Emission of one stencil of each kind, a hundred at a time into a buffer that is reset. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class StencilBenchmark {
    private static final int STENCILS = 100;
    private static final long BASE = 0x7000_0000_0000L;
    private static final long AWAY = BASE - (256L << 20);

    /** The displacements of eight bits, or of 32. */
    @Param({"3", "300"})
    private int slot;

    private final Label[] labels = new Label[STENCILS];
    private CodeBuffer buffer;
    private EmissionStencils ops;

    /** A buffer without memory behind it: nothing is committed. */
    @Setup
    public void open() {
        buffer = CodeBuffer.detached(BASE);
        ops = new EmissionStencilsEmitter(buffer);
        for (int i = 0; i < STENCILS; i++) {
            labels[i] = new Label();
        }
    }

    /** Five instructions, a local branch. */
    @Benchmark
    @OperationsPerInvocation(STENCILS)
    public void load() {
        buffer.reset();
        for (Label label : labels) {
            ops.load(label, slot, slot);
        }
    }

    /** Six instructions of which two are cold, and a constant of 64 bits. */
    @Benchmark
    @OperationsPerInvocation(STENCILS)
    public void guard() {
        buffer.reset();
        for (Label label : labels) {
            ops.guard(label, slot, 0x7f12_3400_0010L, slot, AWAY);
        }
    }

    /** Eleven instructions, a call. */
    @Benchmark
    @OperationsPerInvocation(STENCILS)
    public void integer() {
        buffer.reset();
        for (Label label : labels) {
            ops.integer(label, slot, slot, 0x7f12_3400_0010L, AWAY, slot, AWAY);
        }
    }
}
