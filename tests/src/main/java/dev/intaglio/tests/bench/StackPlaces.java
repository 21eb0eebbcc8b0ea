package dev.intaglio.tests.bench;

import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import dev.intaglio.runtime.Upcall;
import java.util.function.LongConsumer;

/**
 * Does a work at each place that frames may have within a cache line, a part at each. Where they lie decides which of the stores before
 * the JVM's transition to native code share a line, and that what a call takes, by up to a fifth; a program does not choose it.
 */
final class StackPlaces {
    private static final int LINE = 64;
    /** The stack is aligned to so many bytes (System V ABI, 3.2.2). */
    private static final int ALIGNMENT = 16;

    private static final int COUNT = LINE / ALIGNMENT;

    private final LongConsumer further;
    private Stopwatch.Work work = n -> {};
    private int repetitions;

    StackPlaces(CodeCache cache, CodeBuffer buffer, CallStencils ops) {
        Upcall upcall = cache.upcall(Runnable.class, () -> work.times(repetitions));
        ops.further(upcall.address());
        further = buffer.commit("further").bind(LongConsumer.class); // and that keeps the upcall
    }

    /** The work at all of them; for one thread. */
    Stopwatch.Work at(Stopwatch.Work wanted) {
        return n -> {
            work = wanted;
            repetitions = (n + COUNT - 1) / COUNT;
            for (int place = 0; place < COUNT; place++) {
                further.accept((long) ALIGNMENT * place);
            }
        };
    }
}
