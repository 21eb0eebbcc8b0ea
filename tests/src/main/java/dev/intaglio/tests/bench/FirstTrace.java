package dev.intaglio.tests.bench;

import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.function.LongBinaryOperator;

/** A JVM that emits its first trace, phase by phase. */
final class FirstTrace {
    static final String GROUP = "the first trace of 1000 stencils in a fresh JVM";

    private static final int TRACES = 10;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private FirstTrace() {}

    public static void main(String[] arguments) {
        List<Trace> traces = Trace.random(TRACES, EmissionRun.SEED);
        long last = 0;
        long begin = now();
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer()) {
            long created = now();
            StencilTrace stencils = new StencilTrace(new EmissionStencilsEmitter(buffer));
            long loaded = now();
            long near = buffer.code().base() + EmissionRun.AWAY;
            stencils.emit(traces.get(0), near, near + 64, near + 128);
            long emitted = now();
            Code trace = buffer.commit("trace");
            long committed = now();
            trace.bind(LongBinaryOperator.class);
            long bound = now();
            for (int i = 1; i < TRACES; i++) {
                long begun = now();
                stencils.emit(traces.get(i), near, near + 64, near + 128);
                buffer.commit("trace").bind(LongBinaryOperator.class);
                last = now() - begun;
            }
            CallStencils ops = new CallStencilsEmitter(buffer);
            long again = now();
            ops.add();
            Code add = buffer.commit("add");
            LongBinaryOperator sum = add.bind(LongBinaryOperator.class);
            if (sum.applyAsLong(40, 2) != 42) {
                throw new IllegalStateException("wrong sum");
            }
            long called = now();
            print("emission, link and commit", committed - loaded);
            print("emission alone", emitted - loaded);
            print("link and commit alone", committed - emitted);
            print("bind, behind it", bound - committed);
            print("all of that of trace " + TRACES, last);
            print("before it: the emitter and its caller, whose classes are loaded", loaded - created);
            print("before that: the cache and the buffer", created - begin);
            print("behind it: a second piece, committed, bound and called", called - again);
        }
    }

    /** CPU time of this thread, which other programs disturb least. */
    private static long now() {
        return THREADS.getCurrentThreadCpuTime();
    }

    private static void print(String who, long nanos) {
        System.out.println(new Figure(GROUP, who, nanos / 1e6, "ms").line());
    }
}
