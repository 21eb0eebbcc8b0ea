package dev.intaglio.runtime.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.intaglio.runtime.memory.CodeMemory;
import dev.intaglio.runtime.memory.Cores;
import dev.intaglio.runtime.memory.MemoryPlan;
import dev.intaglio.runtime.memory.Region;
import dev.intaglio.runtime.memory.Window;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Arguments and results of upcalls, in both ways, for random signatures. */
class UpcallPassingTest {
    private static final CodeMemory MEMORY = CodeMemory.open(new MemoryPlan("intaglio-test", 1 << 20, 64, false));
    private static final Window CODE = MEMORY.acquire(Region.HOT, 4096).orElseThrow();
    private static final List<Kind> PASSED = List.of(Kind.LONG, Kind.INT, Kind.DOUBLE, Kind.BOOLEAN);
    private static final MethodHandle RECORD = find("called", Object.class, Object[].class);
    private static final MethodHandle FAIL = find("failing", Object.class, Object[].class);

    private static Object[] seen = {};
    private static Object result = 0L;

    @AfterAll
    static void unmap() {
        MEMORY.close();
    }

    static Stream<String> ways() {
        return Runtime.version().feature() >= 22 ? Stream.of("jni", "ffm") : Stream.of("jni");
    }

    static Object called(Object... arguments) {
        seen = arguments.clone();
        return result;
    }

    static Object failing(Object... arguments) throws IOException {
        throw new IOException("thrown with " + arguments.length);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void argumentsAndResultsArrive(String way) throws Throwable {
        long seed = Long.getLong("intaglio.seed", 4711);
        System.out.println("UpcallPassingTest " + way + " seed " + seed);
        Random random = new Random(seed);
        for (int n = 0; n < 60; n++) {
            List<Kind> parameters = new ArrayList<>();
            int length = n % 3 == 0 ? random.nextInt(24) : random.nextInt(9);
            for (int i = 0; i < length; i++) {
                parameters.add(PASSED.get(random.nextInt(PASSED.size())));
            }
            Kind returned = Kind.values()[random.nextInt(Kind.values().length)];
            Signature signature = new Signature(returned, parameters);
            result = returned == Kind.VOID ? null : value(returned, random);
            List<Object> arguments = new ArrayList<>();
            parameters.forEach(kind -> arguments.add(value(kind, random)));
            assertThat(call(signature, RECORD, way, arguments))
                    .as("result of %s, seed %d", signature, seed)
                    .isEqualTo(result);
            assertThat(seen).as("arguments of %s, seed %d", signature, seed).isEqualTo(arguments.toArray());
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void whatIsThrownGivesZeroAndWaits(String way) throws Throwable {
        for (Kind kind : PASSED) {
            Object zero = call(new Signature(kind, List.of(Kind.INT)), FAIL, way, List.of(7));
            assertThat(zero)
                    .isEqualTo(
                            switch (kind) {
                                case LONG -> 0L;
                                case INT -> 0;
                                case DOUBLE -> 0.0;
                                default -> false;
                            });
            assertThatThrownBy(Pending::rethrow).isInstanceOf(IOException.class).hasMessage("thrown with 1");
            assertThat(Pending.isNone()).isTrue();
        }
    }

    static long failingBelowZero(long n) {
        if (n < 0) {
            throw new ArithmeticException("thrown with " + n);
        }
        return n;
    }

    /** As the JVM throws when the stack ends before there is a handler; in compiled code, which does not look by itself. */
    @ParameterizedTest
    @MethodSource("dev.intaglio.runtime.call.ArgumentPassingTest#ways")
    void whatIsThrownWhereNoHandlerIsArrives(String calls) {
        Signature signature = new Signature(Kind.LONG, List.of(Kind.LONG));
        UpcallEntry entry = Upcalls.open(signature, find("failingBelowZero", long.class, long.class), "jni");
        MEMORY.write(CODE, ByteBuffer.wrap(entry.stub()));
        Cores.synchronize();
        Gate gate = new Gate("upcall", CODE.address(), entry.close());
        Binder binder = new Binder(LongUnaryOperator.class, Calls.named(calls), Lifetime.COUNTED);
        LongUnaryOperator function = (LongUnaryOperator) binder.make(gate);
        for (int i = 0; i < 20_000; i++) {
            assertThat(function.applyAsLong(i)).isEqualTo(i);
        }
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> function.applyAsLong(-1)).hasMessage("thrown with -1");
        }
        gate.close();
    }

    /** Puts the stub of an upcall into memory and calls it as if it were emitted code. */
    private static Object call(Signature signature, MethodHandle target, String way, List<Object> arguments)
            throws Throwable {
        MethodHandle typed = target.asCollector(
                        Object[].class, signature.parameters().size())
                .asType(signature.plain());
        UpcallEntry entry = Upcalls.open(signature, Pending.guarding(typed), way);
        try {
            MEMORY.write(CODE, ByteBuffer.wrap(entry.stub()));
            Cores.synchronize();
            List<Object> all = new ArrayList<>(List.of(CODE.address()));
            all.addAll(arguments);
            return Calls.named("natives").caller(signature).invokeWithArguments(all);
        } finally {
            entry.close().run();
        }
    }

    private static Object value(Kind kind, Random random) {
        return switch (kind) {
            case LONG -> random.nextLong();
            case INT -> random.nextInt();
            case DOUBLE -> random.nextGaussian();
            default -> random.nextBoolean();
        };
    }

    private static MethodHandle find(String name, Class<?> returned, Class<?>... parameters) {
        try {
            return MethodHandles.lookup()
                    .findStatic(UpcallPassingTest.class, name, MethodType.methodType(returned, parameters));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
