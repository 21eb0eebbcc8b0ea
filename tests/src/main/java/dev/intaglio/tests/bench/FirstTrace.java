package dev.intaglio.tests.bench;

import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import java.util.List;
import java.util.function.LongBinaryOperator;

/** A JVM that emits its first trace, phase by phase. */
final class FirstTrace {
    private static final String GROUP = "the first trace of 1000 stencils in a fresh JVM";

    private FirstTrace() {}

    public static void main(String[] arguments) {
        List<Trace> traces = Trace.random(1, EmissionRun.SEED);
        long begin = System.nanoTime();
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer()) {
            long created = System.nanoTime();
            long near = buffer.code().base() + EmissionRun.AWAY;
            StencilTrace stencils = new StencilTrace(new EmissionStencilsEmitter(buffer));
            stencils.emit(traces.get(0), near, near + 64, near + 128);
            long emitted = System.nanoTime();
            Code trace = buffer.commit("trace");
            long committed = System.nanoTime();
            trace.bind(LongBinaryOperator.class);
            long bound = System.nanoTime();
            CallStencils ops = new CallStencilsEmitter(buffer);
            long again = System.nanoTime();
            ops.add();
            Code add = buffer.commit("add");
            LongBinaryOperator sum = add.bind(LongBinaryOperator.class);
            if (sum.applyAsLong(40, 2) != 42) {
                throw new IllegalStateException("wrong sum");
            }
            long called = System.nanoTime();
            print("emission, link, commit and bind", bound - created);
            print("emission", emitted - created);
            print("link and commit", committed - emitted);
            print("bind", bound - committed);
            print("before it: the cache and the buffer", created - begin);
            print("behind it: a second piece, committed, bound and called", called - again);
        }
    }

    private static void print(String who, long nanos) {
        System.out.println(new Figure(GROUP, who, nanos / 1e6, "ms").line());
    }
}
