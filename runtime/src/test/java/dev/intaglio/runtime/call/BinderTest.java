package dev.intaglio.runtime.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.intaglio.runtime.memory.CodeMemory;
import dev.intaglio.runtime.memory.MemoryPlan;
import dev.intaglio.runtime.memory.Region;
import dev.intaglio.runtime.memory.Window;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BinderTest {
    private static final CodeMemory MEMORY = CodeMemory.open(new MemoryPlan("intaglio-test", 1 << 20, 64, false));
    private static final String PERMANENT = ", permanent";
    private static final String COLLECTED = ", collected";
    private static final String ADD = "488d0437c3"; // lea rax, [rdi + rsi]; ret

    private interface Hidden {
        long add(long a, long b);

        default long twice(long a) {
            return add(a, a);
        }
    }

    @AfterAll
    static void unmap() {
        MEMORY.close();
    }

    /** Each way, for code that may be closed, and for code that is {@value #COLLECTED} or {@value #PERMANENT}. */
    static Stream<String> ways() {
        return ArgumentPassingTest.ways().flatMap(way -> Stream.of(way, way + COLLECTED, way + PERMANENT));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aPublicInterfaceOfTheJdkIsBound(String way) {
        LongBinaryOperator add = bind(LongBinaryOperator.class, way, ADD);
        assertThat(add.applyAsLong(40, 2)).isEqualTo(42);
        DoubleBinaryOperator product = bind(DoubleBinaryOperator.class, way, "f20f59c1c3"); // mulsd xmm0, xmm1
        assertThat(product.applyAsDouble(1.5, 4)).isEqualTo(6);
        IntPredicate odd = bind(IntPredicate.class, way, "89f883e001c3"); // mov eax, edi; and eax, 1
        assertThat(odd.test(7)).isTrue();
        assertThat(odd.test(8)).isFalse();
        Runnable nothing = bind(Runnable.class, way, "c3");
        nothing.run();
    }

    /** Its method is another interface's. */
    public interface Inheriting extends LongBinaryOperator {}

    private interface Left {
        long add(long a, long b);
    }

    private interface Right {
        long add(long a, long b);
    }

    private interface Both extends Left, Right {}

    @ParameterizedTest
    @MethodSource("ways")
    void anInterfaceIsBoundThatInheritsItsMethod(String way) {
        assertThat(bind(Inheriting.class, way, ADD).applyAsLong(40, 2)).isEqualTo(42);
        assertThat(bind(Both.class, way, ADD).add(40, 2)).isEqualTo(42);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aPrivateNestedInterfaceIsBound(String way) {
        Hidden add = bind(Hidden.class, way, ADD);
        assertThat(add.add(1L << 40, 5)).isEqualTo((1L << 40) + 5);
        assertThat(add.twice(21)).isEqualTo(42);
    }

    @Test
    void aReasonIsThatOfTheCauseWhereReflectionSaysNothing() {
        Exception cause = new IllegalCallerException("no native access");
        assertThat(Calls.reason(new InvocationTargetException(cause))).isEqualTo("no native access");
        assertThat(Calls.reason(cause)).isEqualTo("no native access");
        assertThat(Calls.reason(new NullPointerException())).isEqualTo("java.lang.NullPointerException");
    }

    @Test
    void anInterfaceOfALoaderThatDoesNotKnowThisLibraryIsBound() throws Exception {
        byte[] bytes;
        try (var stream = BinderTest.class.getResourceAsStream("BinderTest$Hidden.class")) {
            bytes = stream.readAllBytes();
        }
        ClassLoader stranger = new ClassLoader(ClassLoader.getPlatformClassLoader()) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                if (!name.equals(Hidden.class.getName())) {
                    throw new ClassNotFoundException(name);
                }
                return defineClass(name, bytes, 0, bytes.length);
            }
        };
        Class<?> type = stranger.loadClass(Hidden.class.getName());
        Object add = new Binder(type, Calls.ofJvm(), Lifetime.COUNTED).make(gate(ADD));
        var method = type.getMethod("add", long.class, long.class);
        method.setAccessible(true);
        assertThat(type).isNotSameAs(Hidden.class);
        assertThat(method.invoke(add, 3L, 4L)).isEqualTo(7L);
    }

    @Test
    void anInterfaceInAPackageThatIsClosedToUsGoesThroughAProxy() {
        // java.util.function is exported, but no class can be defined there; the proxy is what remains in such a case.
        Binder binder = new Binder(LongUnaryOperator.class, Calls.ofJvm(), Lifetime.COUNTED);
        Gate gate = gate("488d4701c3"); // lea rax, [rdi + 1]; ret
        LongUnaryOperator next = (LongUnaryOperator) binder.proxied(gate);
        assertThat(next.applyAsLong(41)).isEqualTo(42);
        assertThat(next.andThen(next).applyAsLong(40)).isEqualTo(42);
        assertThat(next).isEqualTo(next).hasToString(gate.toString());
        assertThat(next.hashCode()).isEqualTo(System.identityHashCode(next));
    }

    @Test
    void criticalCallsGiveTheSameResultsWhereJavaHasThem() {
        Gate gate = gate(ADD);
        if (Runtime.version().feature() < 22) {
            assertThatThrownBy(() -> Binder.bindCritical(LongBinaryOperator.class, gate))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("need java.lang.foreign of Java 22 or later");
            return;
        }
        LongBinaryOperator add = Binder.bindCritical(LongBinaryOperator.class, gate);
        assertThat(add.applyAsLong(40, 2)).isEqualTo(42);
        gate.close();
        assertThatThrownBy(() -> add.applyAsLong(1, 2)).hasMessage("code test is closed");
    }

    @Test
    void whatTheCalledCodeThrowsLeavesTheGateOpenToItsOwner() {
        AtomicInteger left = new AtomicInteger();
        Gate gate = new Gate("add", place(ADD), left::incrementAndGet);
        LongBinaryOperator add = Binder.bind(LongBinaryOperator.class, gate);
        add.applyAsLong(1, 2);
        Pending.add(new ArithmeticException("from an upcall"));
        assertThatThrownBy(() -> add.applyAsLong(1, 2)).hasMessage("from an upcall");
        assertThat(add.applyAsLong(1, 2)).isEqualTo(3);
        gate.close();
        assertThat(left).as("nobody is inside").hasValue(1);
    }

    @Test
    void aClosedGateLetsNobodyIn() {
        AtomicInteger left = new AtomicInteger();
        Gate gate = new Gate("add", place(ADD), left::incrementAndGet);
        LongBinaryOperator add = Binder.bind(LongBinaryOperator.class, gate);
        assertThat(add.applyAsLong(1, 2)).isEqualTo(3);
        gate.close();
        gate.close();
        assertThatThrownBy(() -> add.applyAsLong(1, 2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("code add is closed");
        assertThat(left).hasValue(1);
    }

    @Test
    void theLastOneOutOfAClosedGateClosesIt() {
        AtomicInteger left = new AtomicInteger();
        Gate gate = new Gate("add", 0x1000, left::incrementAndGet);
        gate.enter();
        gate.enter();
        gate.close();
        gate.exit();
        assertThat(left).hasValue(0);
        assertThatThrownBy(gate::enter).isInstanceOf(IllegalStateException.class);
        gate.exit();
        assertThat(left).hasValue(1);
    }

    @Test
    void whatCannotBeBoundIsExplained() {
        Gate gate = gate("c3");
        assertThatThrownBy(() -> Binder.bind(Function.class, gate))
                .hasMessageContaining("java.lang.Object is not among long, int, double, boolean")
                .hasMessageContaining("LongUnaryOperator");
        assertThatThrownBy(() -> Binder.bind(String.class, gate)).hasMessageContaining("is not an interface");
        assertThatThrownBy(() -> Binder.bind(Iterator.class, gate)).hasMessageContaining("has 2 abstract methods");
        assertThatThrownBy(() -> Calls.named("telepathy"))
                .hasMessageContaining("intaglio.binding asks for 'telepathy', which cannot be had");
    }

    private static <T> T bind(Class<T> type, String way, String hex) {
        Gate gate = gate(hex);
        if (way.endsWith(COLLECTED)) {
            gate.makeCollected();
        } else if (way.endsWith(PERMANENT)) {
            gate.makePermanent();
        }
        Calls calls = Calls.named(way.replaceAll(",.*", ""));
        return type.cast(new Binder(type, calls, gate.lifetime()).make(gate));
    }

    private static Gate gate(String hex) {
        return new Gate("test", place(hex), () -> {});
    }

    private static long place(String hex) {
        byte[] code = HexFormat.of().parseHex(hex);
        Window window = MEMORY.acquire(Region.HOT, 64).orElseThrow();
        MEMORY.write(window, ByteBuffer.wrap(code));
        return window.address();
    }
}
