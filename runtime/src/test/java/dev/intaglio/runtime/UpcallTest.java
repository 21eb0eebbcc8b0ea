package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Callback;
import com.sun.jna.CallbackReference;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UpcallTest {
    private final CodeCache cache = CodeCache.options().size(1 << 20).create();
    private final CodeBuffer buffer = cache.newBuffer();
    private final HandEmitter emitter = new HandEmitter(buffer);

    /** One with a checked exception, and not public. */
    @FunctionalInterface
    interface Failing {
        long run(long n) throws Exception;
    }

    @AfterEach
    void close() {
        buffer.close();
        cache.close();
    }

    /** {@code g(f(n) + 1)}: calls the upcall twice and adds one in between. */
    private Code twice(Upcall f) {
        emitter.hex("4883ec08"); // sub rsp, 8
        emitter.callAddress(f.address());
        emitter.hex("488d7801"); // lea rdi, [rax + 1]
        emitter.callAddress(f.address());
        emitter.hex("4883c408c3"); // add rsp, 8; ret
        return buffer.commit("twice");
    }

    @Test
    void emittedCodeCallsJavaCode() {
        Upcall f = cache.upcall(LongUnaryOperator.class, n -> n * 10);
        LongUnaryOperator twice = twice(f).bind(LongUnaryOperator.class);
        for (int i = 0; i < 20_000; i++) {
            assertThat(twice.applyAsLong(i)).isEqualTo((i * 10L + 1) * 10);
        }
        assertThat(f.toString()).startsWith("upcall LongUnaryOperator at 0x");
        assertThat(CodeRegistry.lookup(f.address()).orElseThrow().code()).isEqualTo("upcall LongUnaryOperator");
    }

    @Test
    void anUpcallIsCalledInFiveBytes() {
        Upcall f = cache.upcall(LongUnaryOperator.class, n -> n);
        emitter.callAddress(f.address());
        assertThat(buffer.size()).isEqualTo(5);
    }

    @Test
    void whatItThrowsIsThrownByTheCallFromJava() {
        int[] calls = {0};
        Upcall f = cache.upcall(Failing.class, n -> {
            calls[0]++;
            throw new IOException("no " + n);
        });
        Failing twice = twice(f).bind(Failing.class);
        for (int i = 1; i <= 3; i++) {
            int n = i;
            assertThatThrownBy(() -> twice.run(n))
                    .isInstanceOf(IOException.class)
                    .hasMessage("no " + n);
            assertThat(calls[0])
                    .as("the second upcall does not run while the exception waits")
                    .isEqualTo(i);
        }
    }

    @Test
    void anExceptionPassesThroughNestedCalls() {
        Upcall inner = cache.upcall(LongUnaryOperator.class, n -> {
            throw new ArithmeticException("at " + n);
        });
        LongUnaryOperator native2 = twice(inner).bind(LongUnaryOperator.class);
        List<String> caught = new ArrayList<>();
        Upcall outer = cache.upcall(LongUnaryOperator.class, n -> {
            try {
                return native2.applyAsLong(n);
            } catch (ArithmeticException e) {
                caught.add(e.getMessage());
                if (n > 100) {
                    return -1;
                }
                throw e;
            }
        });
        LongUnaryOperator native1 = twice(outer).bind(LongUnaryOperator.class);
        assertThatThrownBy(() -> native1.applyAsLong(5)).hasMessage("at 5");
        assertThat(caught).containsExactly("at 5");
        caught.clear();
        assertThatThrownBy(() -> native1.applyAsLong(500)).hasMessage("at 0");
        assertThat(caught).containsExactly("at 500", "at 0");
    }

    static Stream<UnaryOperator<Code>> lifetimes() {
        return Stream.of(code -> code, Code::makeCollected, Code::makePermanent);
    }

    @ParameterizedTest
    @MethodSource("lifetimes")
    void whatItThrowsIsThrownHoweverLongTheCodeStays(UnaryOperator<Code> lifetime) {
        Upcall positive = cache.upcall(LongUnaryOperator.class, n -> {
            if (n < 0) {
                throw new IllegalArgumentException("at " + n);
            }
            return n;
        });
        emitter.hex("4883ec08").callAddress(positive.address());
        Code caller = lifetime.apply(emitter.hex("4883c408c3").commit("caller", buffer));
        LongUnaryOperator call = caller.bind(LongUnaryOperator.class);
        assertThat(call.applyAsLong(7)).isEqualTo(7);
        assertThatThrownBy(() -> call.applyAsLong(-7)).hasMessage("at -7");
        assertThat(call.applyAsLong(8)).isEqualTo(8);
    }

    /** Where an exception would be pending in the JVM meanwhile, that function's stub would take it for its own. */
    @Test
    void itIsThrownThoughTheCodeCallsCThatCallsJavaInBetween() {
        int[] calls = {0};
        Counting count = () -> calls[0]++;
        Upcall failing = cache.upcall(LongUnaryOperator.class, n -> {
            throw new ArithmeticException("at " + n);
        });
        emitter.hex("4883ec08").callAddress(failing.address());
        emitter.callAddress(Pointer.nativeValue(CallbackReference.getFunctionPointer(count)));
        LongUnaryOperator bound =
                emitter.hex("4883c408c3").commit("both", buffer).bind(LongUnaryOperator.class);
        for (int i = 1; i <= 3; i++) {
            int n = i;
            assertThatThrownBy(() -> bound.applyAsLong(n)).hasMessage("at " + n);
            assertThat(calls[0]).isEqualTo(i);
        }
    }

    /** What C calls. */
    interface Counting extends Callback {
        void count();
    }

    @Test
    void anErrorOfTheJvmArrivesToo() {
        Upcall[] self = new Upcall[1];
        LongUnaryOperator[] again = new LongUnaryOperator[1];
        self[0] = cache.upcall(LongUnaryOperator.class, n -> again[0].applyAsLong(n + 1));
        emitter.hex("4883ec08").callAddress(self[0].address()).hex("4883c408c3");
        again[0] = buffer.commit("recurse").bind(LongUnaryOperator.class);
        assertThatThrownBy(() -> again[0].applyAsLong(0)).isInstanceOf(StackOverflowError.class);
        Upcall fine = cache.upcall(LongUnaryOperator.class, n -> n + 1);
        assertThat(twice(fine).bind(LongUnaryOperator.class).applyAsLong(1)).isEqualTo(4);
    }

    @Test
    void threadsCallAndFailEachForItself() throws Exception {
        Upcall f = cache.upcall(LongBinaryOperator.class, (n, fail) -> {
            if (fail != 0) {
                throw new IllegalArgumentException("thread " + n);
            }
            return Thread.currentThread().getId() * 1000 + n;
        });
        emitter.jumpAddress(f.address());
        LongBinaryOperator g = buffer.commit("pass").bind(LongBinaryOperator.class);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Void>> work = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                long n = t;
                work.add(() -> {
                    for (int i = 0; i < 2_000; i++) {
                        assertThat(g.applyAsLong(n, 0))
                                .isEqualTo(Thread.currentThread().getId() * 1000 + n);
                        if (i % 7 == 0) {
                            assertThatThrownBy(() -> g.applyAsLong(n, 1)).hasMessage("thread " + n);
                        }
                    }
                    return null;
                });
            }
            for (Future<Void> done : threads.invokeAll(work)) {
                assertThatCode(done::get).doesNotThrowAnyException();
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void codeThatCallsItKeepsItAfterClose() {
        Upcall f = cache.upcall(LongUnaryOperator.class, n -> n * 10);
        long address = f.address();
        Code twice = twice(f);
        f.close();
        f.close();
        assertThat(twice.bind(LongUnaryOperator.class).applyAsLong(1)).isEqualTo(110);
        assertThat(CodeRegistry.lookup(address)).isPresent();
        twice.close();
        assertThat(CodeRegistry.lookup(address)).isEmpty();
        assertThatThrownBy(f::address).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theFunctionIsUnreachableWhenItsUpcallIsFreed() throws InterruptedException {
        Object held = new Object();
        WeakReference<Object> watch = new WeakReference<>(held);
        Upcall f = hold(held);
        held = null;
        System.gc();
        assertThat(watch.get()).isNotNull();
        f.close();
        for (int i = 0; i < 50 && watch.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(watch.get()).isNull();
    }

    private Upcall hold(Object held) {
        return cache.upcall(LongUnaryOperator.class, n -> n + held.hashCode());
    }

    @Test
    void theMemoryIsAsBeforeAfterManyUpcalls() {
        long before = cache.statistics().held();
        for (int i = 0; i < 300; i++) {
            cache.upcall(LongUnaryOperator.class, n -> n).close();
        }
        assertThat(cache.statistics().held()).isEqualTo(before);
    }

    @Test
    void aMethodHandleIsCalled() throws ReflectiveOperationException {
        MethodHandle max = MethodHandles.lookup()
                .findStatic(Math.class, "max", MethodType.methodType(long.class, long.class, long.class));
        try (Upcall f = cache.upcall(MethodHandles.insertArguments(max, 0, 7L))) {
            LongUnaryOperator twice = twice(f).bind(LongUnaryOperator.class);
            assertThat(twice.applyAsLong(3)).isEqualTo(8);
            assertThat(twice.applyAsLong(30)).isEqualTo(31);
            assertThat(f.toString()).startsWith("upcall (long)long at 0x");
        }
        MethodHandle text = MethodHandles.constant(String.class, "x");
        assertThatThrownBy(() -> cache.upcall(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("MethodHandle()String")
                .hasMessageContaining("not among long, int, double, boolean");
    }

    @Test
    void whatCannotBeCalledIsRefused() {
        assertThatThrownBy(() -> cache.upcall(Runnable.class, null)).hasMessage("function");
        assertThatThrownBy(() -> cache.upcall(Comparable.class, o -> 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not among long, int, double, boolean");
        assertThatThrownBy(() -> cache.upcall(String.class, "x")).hasMessageContaining("is not an interface");
        cache.close();
        assertThatThrownBy(() -> cache.upcall(LongUnaryOperator.class, n -> n))
                .hasMessageContaining("the code cache is closed");
    }

    @Test
    void functionsAreLetGoThoughTheirCacheIsClosedMeanwhile() throws InterruptedException {
        List<WeakReference<LongUnaryOperator>> functions = new ArrayList<>();
        for (int round = 0; round < 200; round++) {
            CodeCache closing = CodeCache.options().size(1 << 18).create();
            long number = round;
            LongUnaryOperator function = n -> n + number;
            functions.add(new WeakReference<>(function));
            int delay = round * 7919 % 60_000;
            Thread closer = new Thread(() -> {
                for (int i = delay; i > 0; i--) {
                    Thread.onSpinWait();
                }
                closing.close();
            });
            closer.start();
            try {
                closing.upcall(LongUnaryOperator.class, function).close();
            } catch (IllegalStateException closed) {
                assertThat(closed).hasMessage("the code cache is closed");
            }
            closer.join();
        }
        for (int i = 0; i < 50 && functions.stream().anyMatch(function -> function.get() != null); i++) {
            System.gc();
            Thread.sleep(20);
        }
        assertThat(functions).allMatch(function -> function.get() == null);
    }
}
