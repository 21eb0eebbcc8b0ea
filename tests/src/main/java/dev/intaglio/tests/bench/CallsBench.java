package dev.intaglio.tests.bench;

import com.sun.jna.Function;
import com.sun.jna.Pointer;
import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import dev.intaglio.runtime.Upcall;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What a call costs: Java into emitted code in each way, and back. */
@Command(
        name = "calls",
        description = {
            "Calls long add(long, long) in emitted code, in each way that Intaglio has, beside a plain native method (JNI), foreign"
                    + " functions (Java 22 and later), JNA's direct mapping and JNA's functions; from two threads at once; and from emitted code into Java.",
            "Of code that is closed and left, that the garbage collector frees (collected), and that stays (permanent). A fourth of a sample's calls are"
                    + " made at each of the four places that a frame may have in a cache line.",
            "Prints nanoseconds of CPU time a call and, last, the ratio to the first line of the group; ways other than the default in JVMs of"
                    + " their own.",
            CallsBench.SCALED
        })
final class CallsBench implements Callable<Integer> {
    private static final int UPCALLS = 1000;
    /** The first works: a plain native method, and ours of code of each lifetime. */
    private static final int LIFETIMES = 4;

    /** How many times as fast as another a JVM may seem to be on a machine that others use as well. */
    private static final double MOST_DIFFERENCE = 2;

    private static final int MORE_ATTEMPTS = 2;
    /** Calls of the other thread before it looks whether it is wanted. */
    private static final int AT_ONCE = 10_000;

    /** What a reader of the table must know. */
    static final String SCALED =
            "What stands as \"Intaglio, ffm\" and \"Intaglio, jna\" was measured in JVMs of their own and is multiplied by the ratio of a plain"
                    + " native method's time in the first JVM to its time in those.";

    private static final String DOWN = "long add(long, long), from Java";
    private static final String PLAIN = "plain native method";
    private static final String BOTH = "the same, from two threads at once";
    private static final String UP = "long f(long, long), from emitted code";

    /** The one call of each loop must not be a constant, and its result is used. */
    static volatile long sink;

    @Mixin
    private Help help = new Help();

    @Mixin
    private Report report = new Report();

    @Mixin
    private Sampling sampling = new Sampling();

    @Override
    public Integer call() throws IOException, InterruptedException {
        boolean foreign = Runtime.version().feature() >= 22;
        List<Figure> figures;
        List<Figure> jna;
        List<Figure> ffm;
        int works = works(true) + works(false) * (foreign ? 2 : 1);
        try (ProgressBar bar = Progress.bar("calls", (long) works * sampling.samples())) {
            figures = measure(true, bar::step);
            bar.setExtraMessage("jna");
            jna = oneWay("jna", "jni", figures, bar);
            bar.setExtraMessage("ffm");
            ffm = foreign ? oneWay("ffm", "ffm", figures, bar) : List.of();
            bar.setExtraMessage("");
        }
        List<Figure> ordered = new ArrayList<>();
        for (String group : List.of(DOWN, BOTH, UP)) {
            for (List<Figure> some : List.of(figures, ffm, jna)) {
                some.stream()
                        .filter(figure -> figure.group().equals(group))
                        .filter(figure -> ordered.stream().noneMatch(figure::isOfSame))
                        .forEach(ordered::add);
            }
        }
        report.print("Calls", ordered);
        System.out.println(SCALED);
        return 0;
    }

    /**
     * Our calls in another way, in a JVM of its own. They are scaled so that a plain native method takes there what it takes here: a
     * machine that others use as well may have been faster or slower meanwhile.
     */
    private List<Figure> oneWay(String down, String up, List<Figure> here, ProgressBar bar)
            throws IOException, InterruptedException {
        List<String> options = List.of("-Dintaglio.binding=" + down, "-Dintaglio.upcalls=" + up);
        List<Figure> there = ChildRun.figures(OneWay.class, options, sampling.arguments(), bar);
        for (int more = MORE_ATTEMPTS; !isLike(here, there); more--) {
            if (more == 0) {
                throw new IllegalStateException("a plain native method takes " + plain(here) + " ns in one JVM and "
                        + plain(there) + " in another, so what they tell cannot be compared; measure at a calmer time");
            }
            bar.maxHint(bar.getMax() + (long) works(false) * sampling.samples());
            there = ChildRun.figures(OneWay.class, options, sampling.arguments(), bar);
        }
        double speed = plain(here) / plain(there);
        return there.stream()
                .map(figure ->
                        new Figure(figure.group(), figure.who(), figure.value() * speed, figure.unit(), figure.note()))
                .toList();
    }

    /** Whether the JVMs are about as fast: once in a while the JIT compiler leaves one far behind. */
    private static boolean isLike(List<Figure> here, List<Figure> there) {
        double speed = plain(here) / plain(there);
        return speed > 1 / MOST_DIFFERENCE && speed < MOST_DIFFERENCE;
    }

    private static double plain(List<Figure> figures) {
        return figures.stream()
                .filter(figure -> figure.who().equals(PLAIN))
                .mapToDouble(Figure::value)
                .findFirst()
                .orElseThrow();
    }

    /** Figures that a JVM takes, without and with the others'. */
    private static int works(boolean peers) {
        return peers ? Runtime.version().feature() >= 22 ? 17 : 11 : 5;
    }

    /** Our calls in the way this JVM has, and on request the others'. */
    List<Figure> measure(boolean peers, Runnable step) {
        List<Figure> figures = new ArrayList<>();
        boolean foreign = Runtime.version().feature() >= 22;
        String way = System.getProperty("intaglio.binding", "natives");
        String back = System.getProperty("intaglio.upcalls", "jni");
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer()) {
            Stopwatch watch = sampling.watch(step);
            CallStencils ops = new CallStencilsEmitter(buffer);
            StackPlaces places = new StackPlaces(cache, buffer, ops);
            ops.add();
            Code add = buffer.commit("add");
            ops.addForJni();
            Code addForJni = buffer.commit("addForJni");
            ops.same();
            PlainNatives.registerJni(buffer.commit("same").address(), addForJni.address());
            LongBinaryOperator bound = add.bind(LongBinaryOperator.class);
            Map<String, Stopwatch.Work> works = new LinkedHashMap<>();
            works.put(PLAIN, CallsBench::plain);
            works.put("Intaglio, " + way, n -> bound(bound, n));
            ops.add();
            Code collected = buffer.commit("collected").makeCollected();
            LongBinaryOperator leaves = collected.bind(LongBinaryOperator.class);
            works.put("Intaglio, " + way + ", collected code", n -> collectedBound(leaves, n));
            ops.add();
            Code permanent = buffer.commit("permanent").makePermanent();
            LongBinaryOperator stays = permanent.bind(LongBinaryOperator.class);
            works.put("Intaglio, " + way + ", permanent code", n -> permanentBound(stays, n));
            if (peers && foreign) {
                LongBinaryOperator critical = add.bindCritical(LongBinaryOperator.class);
                works.put("Intaglio, critical", n -> criticalBound(critical, n));
                LongBinaryOperator criticalStays = permanent.bindCritical(LongBinaryOperator.class);
                works.put("Intaglio, critical, permanent code", n -> criticalPermanentBound(criticalStays, n));
                ForeignCalls.link(add.address());
                works.put("java.lang.foreign, constant handle", CallsBench::foreign);
                works.put("java.lang.foreign, critical, constant handle", CallsBench::foreignCritical);
                works.put("java.lang.foreign, constant handle, confined arena", CallsBench::foreignConfined);
                works.put("java.lang.foreign, constant handle, shared arena", CallsBench::foreignShared);
            }
            List<Double> times =
                    watch.nanos(works.values().stream().map(places::at).toList());
            for (String who : works.keySet()) {
                figures.add(new Figure(DOWN, who, times.get(figures.size()), "ns"));
            }
            if (peers) {
                PlainNatives.registerDirect(add.address());
                figures.add(new Figure(DOWN, "JNA direct mapping", watch.nanos(CallsBench::direct), "ns"));
                Function function = Function.getFunction(new Pointer(add.address()));
                figures.add(new Figure(DOWN, "JNA function", watch.nanos(n -> function(function, n)), "ns"));
                List<String> ways = works.keySet().stream().limit(LIFETIMES).toList();
                List<Double> nanos = watch.nanos(ways.stream()
                        .map(who -> besideAnother(works.get(who), places))
                        .toList());
                for (int i = 0; i < nanos.size(); i++) {
                    figures.add(new Figure(BOTH, ways.get(i), nanos.get(i), "ns"));
                }
            }
            Upcall upcall = cache.upcall(LongBinaryOperator.class, (a, b) -> a + b);
            ops.callBack(upcall.address());
            LongUnaryOperator callBack = buffer.commit("callBack").bind(LongUnaryOperator.class);
            if (callBack.applyAsLong(UPCALLS) != UPCALLS * (UPCALLS + 1L) / 2) {
                throw new IllegalStateException("wrong sum");
            }
            double nanos = watch.nanos(n -> unary(callBack, n)) / UPCALLS;
            figures.add(new Figure(UP, "Intaglio, " + back, nanos, "ns"));
        }
        return figures;
    }

    /** The work while another thread does the same. */
    private static Stopwatch.Work besideAnother(Stopwatch.Work work, StackPlaces places) {
        Stopwatch.Work everywhere = places.at(work);
        return n -> {
            AtomicBoolean over = new AtomicBoolean();
            Thread other = new Thread(() -> {
                while (!over.get()) {
                    work.times(AT_ONCE);
                }
            });
            other.start();
            try {
                everywhere.times(n);
            } finally {
                over.set(true);
                join(other);
            }
        };
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void plain(int n) {
        long sum = 0;
        for (int i = 0; i < n; i++) {
            sum = PlainNatives.Jni.add(sum, i);
        }
        check(sum, n);
    }

    private static void direct(int n) {
        long sum = 0;
        for (int i = 0; i < n; i++) {
            sum = PlainNatives.Direct.add(sum, i);
        }
        check(sum, n);
    }

    private static void foreign(int n) {
        long sum = 0;
        for (int i = 0; i < n; i++) {
            sum = ForeignCalls.add(sum, i);
        }
        check(sum, n);
    }

    private static void foreignConfined(int n) {
        long sum = 0;
        for (int i = 0; i < n; i++) {
            sum = ForeignCalls.addConfined(sum, i);
        }
        check(sum, n);
    }

    private static void foreignShared(int n) {
        long sum = 0;
        for (int i = 0; i < n; i++) {
            sum = ForeignCalls.addShared(sum, i);
        }
        check(sum, n);
    }

    private static void foreignCritical(int n) {
        long sum = 0;
        for (int i = 0; i < n; i++) {
            sum = ForeignCalls.addCritical(sum, i);
        }
        check(sum, n);
    }

    private static void bound(LongBinaryOperator operator, int n) {
        long sum = 0;
        for (int i = 0; i < n; i++) {
            sum = operator.applyAsLong(sum, i);
        }
        check(sum, n);
    }

    /** The same loop again, of which the compiler sees no other object; and so the next ones. */
    private static void permanentBound(LongBinaryOperator operator, int n) {
        long sum = 0;
        for (int i = 0; i < n; i++) {
            sum = operator.applyAsLong(sum, i);
        }
        check(sum, n);
    }

    private static void collectedBound(LongBinaryOperator operator, int n) {
        long sum = 0;
        for (int i = 0; i < n; i++) {
            sum = operator.applyAsLong(sum, i);
        }
        check(sum, n);
    }

    private static void criticalPermanentBound(LongBinaryOperator operator, int n) {
        long sum = 0;
        for (int i = 0; i < n; i++) {
            sum = operator.applyAsLong(sum, i);
        }
        check(sum, n);
    }

    private static void criticalBound(LongBinaryOperator operator, int n) {
        long sum = 0;
        for (int i = 0; i < n; i++) {
            sum = operator.applyAsLong(sum, i);
        }
        check(sum, n);
    }

    private static void function(Function function, int n) {
        long sum = 0;
        for (int i = 0; i < n; i++) {
            sum = function.invokeLong(new Object[] {sum, (long) i});
        }
        check(sum, n);
    }

    private static void unary(LongUnaryOperator operator, int n) {
        long sum = 0;
        for (int i = 0; i < n; i++) {
            sum += operator.applyAsLong(UPCALLS);
        }
        sink = sum;
    }

    private static void check(long sum, int n) {
        if (sum != n * (n - 1L) / 2) {
            throw new IllegalStateException("wrong sum " + sum);
        }
    }

    /** A JVM that calls in one way. */
    static final class OneWay {
        private OneWay() {}

        public static void main(String[] arguments) {
            CallsBench bench = new CallsBench();
            new CommandLine(bench).parseArgs(arguments);
            bench.measure(false, ChildRun::step).forEach(figure -> System.out.println(figure.line()));
        }
    }
}
