package dev.intaglio.tests.bench;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;

/** Medians of samples that are long enough, in CPU time of this thread, which other programs disturb least; each sample is a step. */
final class Stopwatch {
    /** Samples' time before the first one. */
    private static final int WARM_UP = 40;

    /** Of the same, where the JIT compiler is not done. */
    private static final int MOST_WARM_UP = 100;

    private static final CompilationMXBean COMPILATION = ManagementFactory.getCompilationMXBean();
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final int samples;
    private final long nanosPerSample;
    private final Runnable step;

    Stopwatch(int samples, long millisPerSample, Runnable step) {
        this.samples = samples;
        nanosPerSample = millisPerSample * 1_000_000;
        this.step = step;
    }

    /** Something that can be done any number of times in a loop of its own, so that the JIT compiler sees one thing only. */
    @FunctionalInterface
    interface Work {
        void times(int repetitions);
    }

    /** Nanoseconds for one repetition: the median, after forty samples' time for the JIT compiler. */
    double nanos(Work work) {
        return nanos(List.of(work)).get(0);
    }

    /** The same of several works whose ratios matter: their samples take turns, so that what slows the machine slows all of them. */
    List<Double> nanos(List<Work> works) {
        int[] repetitions = works.stream().mapToInt(this::repetitions).toArray();
        double[][] all = new double[works.size()][samples];
        for (int i = 0; i < samples; i++) {
            for (int w = 0; w < works.size(); w++) {
                all[w][i] = (double) time(works.get(w), repetitions[w]) / repetitions[w];
                step.run();
            }
        }
        return Arrays.stream(all)
                .map(times -> Arrays.stream(times).sorted().toArray()[samples / 2])
                .toList();
    }

    /** How often it takes a sample's time to do something, once the JIT compiler is done with it. */
    private int repetitions(Work work) {
        int repetitions = 1;
        long spent = 0;
        while (spent < nanosPerSample && repetitions < 1 << 30) {
            repetitions *= 2;
            spent = time(work, repetitions);
        }
        long warm = 0;
        while (warm < WARM_UP * nanosPerSample || warm < MOST_WARM_UP * nanosPerSample && compiles(work, repetitions)) {
            warm += time(work, repetitions);
        }
        while (repetitions < 1 << 30 && time(work, repetitions) < nanosPerSample) {
            repetitions *= 2; // what was slow before the second compiler was done
        }
        return repetitions;
    }

    /** Whether the JIT compiler was busy meanwhile, which on a machine with other work takes its time. */
    private static boolean compiles(Work work, int repetitions) {
        long before = COMPILATION.getTotalCompilationTime();
        time(work, repetitions);
        return COMPILATION.getTotalCompilationTime() != before;
    }

    private static long time(Work work, int repetitions) {
        long start = THREADS.getCurrentThreadCpuTime();
        work.times(repetitions);
        return THREADS.getCurrentThreadCpuTime() - start;
    }
}
