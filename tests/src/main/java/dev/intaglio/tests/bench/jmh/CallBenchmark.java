package dev.intaglio.tests.bench.jmh;

import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import dev.intaglio.tests.bench.CallStencils;
import dev.intaglio.tests.bench.CallStencilsEmitter;
import dev.intaglio.tests.bench.PlainNatives;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongBinaryOperator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A call of {@code long add(long, long)}: by its owner, by one of two threads, of collected and of permanent code, and as a plain native
 * method.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 2, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class CallBenchmark {
    private CodeCache cache;
    private LongBinaryOperator owned;
    private LongBinaryOperator shared;
    private LongBinaryOperator collected;
    private LongBinaryOperator permanent;
    private LongBinaryOperator critical;
    private final CountDownLatch over = new CountDownLatch(1);
    private long x = 40;

    /** Emits and binds the function some times; another thread, which lives on, calls the second one, too. */
    @Setup
    public void bind() throws InterruptedException {
        cache = CodeCache.create();
        CodeBuffer buffer = cache.newBuffer();
        CallStencils ops = new CallStencilsEmitter(buffer);
        owned = add(ops, buffer).bind(LongBinaryOperator.class);
        shared = add(ops, buffer).bind(LongBinaryOperator.class);
        collected = add(ops, buffer).makeCollected().bind(LongBinaryOperator.class);
        permanent = add(ops, buffer).makePermanent().bind(LongBinaryOperator.class);
        critical = Runtime.version().feature() < 22 ? owned : add(ops, buffer).bindCritical(LongBinaryOperator.class);
        CountDownLatch called = new CountDownLatch(1);
        Thread owner = new Thread(() -> {
            shared.applyAsLong(1, 2);
            called.countDown();
            awaitEnd();
        });
        owner.setDaemon(true);
        owner.start();
        called.await();
        ops.addForJni();
        Code plain = buffer.commit("plain");
        ops.same();
        PlainNatives.registerJni(buffer.commit("same").address(), plain.address());
    }

    private void awaitEnd() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Code add(CallStencils ops, CodeBuffer buffer) {
        ops.add();
        return buffer.commit("add");
    }

    /** Frees it. */
    @TearDown
    public void close() {
        over.countDown();
        cache.close();
    }

    /** As a C library's method. */
    @Benchmark
    public long plainNative() {
        return PlainNatives.add(x, 2);
    }

    /** The first thread that called. */
    @Benchmark
    public long boundOwner() {
        return owned.applyAsLong(x, 2);
    }

    /** One of two threads. */
    @Benchmark
    public long boundShared() {
        return shared.applyAsLong(x, 2);
    }

    /** Of code that the garbage collector frees. */
    @Benchmark
    public long boundCollected() {
        return collected.applyAsLong(x, 2);
    }

    /** Of code that is never closed. */
    @Benchmark
    public long boundPermanent() {
        return permanent.applyAsLong(x, 2);
    }

    /** Without leaving Java; before Java 22 the same as the owner's. */
    @Benchmark
    public long critical() {
        return critical.applyAsLong(x, 2);
    }
}
