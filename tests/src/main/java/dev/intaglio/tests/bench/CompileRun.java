package dev.intaglio.tests.bench;

import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import dev.intaglio.tests.bench.formula.Expression;
import dev.intaglio.tests.bench.formula.JnrAssembler;
import dev.intaglio.tests.bench.formula.Maker;
import dev.intaglio.tests.bench.formula.Target;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A JVM in which one maker compiles formulas, or runs one, so that the JIT compiler sees no other. */
final class CompileRun {
    private static final long SEED = 4711;
    private static final int FORMULAS = 256;
    private static final int RESULTS = 1000;

    /** What is measured. */
    enum Phase {
        FIRST,
        STEADY,
        MANY
    }

    /** CPU time of this thread, which other programs disturb least. */
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static volatile double sink;

    @Mixin
    private Sampling sampling = new Sampling();

    @Option(names = "--maker")
    private Maker maker = Maker.INTAGLIO;

    @Option(names = "--phase")
    private Phase phase = Phase.FIRST;

    private final List<Expression> formulas = new ArrayList<>();

    private CompileRun() {
        Random random = new Random(SEED);
        for (int i = 0; i < FORMULAS; i++) {
            formulas.add(Expression.random(random));
        }
    }

    public static void main(String[] arguments) {
        CompileRun run = new CompileRun();
        new CommandLine(run).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
        long begun = THREADS.getCurrentThreadCpuTime();
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer()) {
            List<Figure> figures = switch (run.phase) {
                case FIRST -> run.first(buffer, THREADS.getCurrentThreadCpuTime() - begun);
                case STEADY -> run.steady(buffer);
                case MANY -> run.many(buffer);
            };
            figures.forEach(figure -> System.out.println(figure.line()));
        }
    }

    /** Figures of the phases that take samples. */
    static int sampled(Maker maker) {
        return maker.emits() ? 5 : 4;
    }

    /** From the tree to its first value; for what is emitted, also with the making of the code cache. */
    private List<Figure> first(CodeBuffer buffer, long cacheNanos) {
        Expression formula = formulas.get(0);
        long start = THREADS.getCurrentThreadCpuTime();
        DoubleBinaryOperator made = maker.doubles(formula, buffer).function();
        double value = made.applyAsDouble(1.5, 2.5);
        double millis = (THREADS.getCurrentThreadCpuTime() - start) / 1e6;
        check(value == formula.value(1.5, 2.5));
        String note = maker.emits()
                ? String.format(Locale.ROOT, "and %.0f ms for the code cache before it", cacheNanos / 1e6)
                : "";
        String group = "a fresh JVM: from the tree to the first value";
        return List.of(new Figure(group, maker.toString(), millis, "ms", note));
    }

    private List<Figure> steady(CodeBuffer buffer) {
        Expression formula = formulas.get(0);
        DoubleBinaryOperator doubles = maker.doubles(formula, buffer).function();
        LongBinaryOperator longs = maker.longs(formula, buffer).function();
        check(doubles.applyAsDouble(1.5, 2.5) == formula.value(1.5, 2.5));
        check(longs.applyAsLong(15, 25) == formula.value(15L, 25L));
        Stopwatch watch = sampling.watch(ChildRun::step);
        double nanos = watch.nanos(n -> sink = sum(doubles, n));
        double others = watch.nanos(n -> sink = longSum(longs, n));
        return List.of(
                figure("one formula of doubles, steady: a value", nanos, "ns"),
                figure("one formula of longs, steady: a value", others, "ns"));
    }

    /** Compilers are warm here, but each formula is new to the JVM. */
    private List<Figure> many(CodeBuffer buffer) {
        for (Expression formula : formulas) {
            Maker.Made<LongBinaryOperator> made = maker.longs(formula, buffer);
            check(made.function().applyAsLong(15, 25) == formula.value(15L, 25L));
            made.free().run();
        }
        List<Figure> figures = new ArrayList<>();
        Stopwatch watch = sampling.watch(ChildRun::step);
        double first = watch.nanos(n -> values(buffer, n, 1)) / 1000;
        double more = watch.nanos(n -> values(buffer, n, RESULTS)) / 1000;
        figures.add(figure("formula after formula: from the tree to one value", first, "us"));
        figures.add(figure("formula after formula: from the tree to " + RESULTS + " values", more, "us"));
        if (maker.emits()) {
            double written = watch.nanos(n -> emit(buffer, n)) / 1000;
            figures.add(figure("formula after formula: its instructions alone", written, "us"));
        }
        return figures;
    }

    private void values(CodeBuffer buffer, int n, int count) {
        for (int i = 0; i < n; i++) {
            Maker.Made<DoubleBinaryOperator> made = maker.doubles(formulas.get(i % FORMULAS), buffer);
            sink = sum(made.function(), count);
            made.free().run();
        }
    }

    private void emit(CodeBuffer buffer, int n) {
        for (int i = 0; i < n; i++) {
            Expression formula = formulas.get(i % FORMULAS);
            if (maker == Maker.JNR) {
                JnrAssembler assembler = new JnrAssembler(true);
                Target.compile(formula, assembler, Target.Registers.DOUBLES);
                sink = assembler.bytes().limit();
            } else {
                buffer.reset();
                maker.write(formula, buffer, true);
                buffer.link();
            }
        }
        buffer.reset();
    }

    private static double sum(DoubleBinaryOperator function, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += function.applyAsDouble(i, sum);
        }
        return sum;
    }

    private static double longSum(LongBinaryOperator function, int n) {
        long sum = 0;
        for (int i = 0; i < n; i++) {
            sum += function.applyAsLong(i, sum);
        }
        return sum;
    }

    private static void check(boolean right) {
        if (!right) {
            throw new IllegalStateException("a formula has another value than its tree");
        }
    }

    private Figure figure(String group, double value, String unit) {
        return new Figure(group, maker.toString(), value, unit);
    }
}
