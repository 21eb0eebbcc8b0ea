package dev.intaglio.stencils.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.runtime.CodeBuffer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Tests of the stencils of one interface. A check sets a scene, says what is emitted, and has it done from the same state by the
 * emitter, by the one that copies and patches (which no rule has touched), and by the model; where rules change the stencils, by
 * emitters made without rules and with each rule alone, too. What every check compares: the way out, all memory, all registers
 * but those that the model leaves as scratch, and the calls of functions with their arguments.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class StencilTest<T> {
    static final long SEED = Long.getLong("intaglio.seed", 4711);
    private static final int ROUNDS = Integer.getInteger("intaglio.models.rounds", 60);

    private final Class<T> stencils;
    private final Map<String, Function<CodeBuffer, T>> emitters = new LinkedHashMap<>();
    private final Function<Machine, T> model;
    private final Set<String> ran = new TreeSet<>();
    private final Bench bench = new Bench(SEED);

    StencilTest(
            Class<T> stencils,
            Function<CodeBuffer, T> emitter,
            Function<CodeBuffer, T> copyAndPatch,
            Function<Machine, T> model) {
        this.stencils = stencils;
        emitters.put("the emitter", emitter);
        emitters.put("copy and patch", copyAndPatch);
        RuleVariants.of(stencils)
                .forEach((rules, variant) -> emitters.put("the emitter with rules: " + rules, variant));
        this.model = model;
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void noStencilIsLeftOut() {
        Set<String> all = new TreeSet<>();
        Arrays.stream(stencils.getDeclaredMethods())
                .filter(method -> Modifier.isAbstract(method.getModifiers()))
                .forEach(method -> all.add(method.getName()));
        assertThat(ran).isEqualTo(all);
    }

    @AfterAll
    void close() {
        bench.close();
    }

    /** Many rounds of a scene and what is done in it; every label of the scenes must have been left through. */
    final void check(Function<Scene, Consumer<T>> scene) {
        Set<String> expected = new TreeSet<>();
        Set<String> seen = new TreeSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            Scene before = new Scene(bench, new Random(SEED * 31 + round));
            Consumer<T> stencil = scene.apply(before);
            Machine wanted = before.m.copy();
            try {
                stencil.accept(model.apply(wanted));
            } catch (Left left) {
                wanted.leftTo(left.where);
            }
            emitters.forEach((name, emitter) -> {
                Machine found = bench.run(before.m, buffer -> stencil.accept(noting(emitter.apply(buffer))));
                compare(name + ", -Dintaglio.seed=" + SEED, found, wanted);
            });
            expected.addAll(before.m.labels.keySet());
            seen.add(wanted.where());
        }
        assertThat(seen).as("the ways out that were taken").containsAll(expected);
    }

    private static void compare(String about, Machine found, Machine wanted) {
        assertThat(found.where()).as(about + ": the way out").isEqualTo(wanted.where());
        assertThat(found.calls).as(about + ": the calls").isEqualTo(wanted.calls);
        for (int i = 0; i < 16; i++) {
            if (!wanted.undefined[i]) {
                assertThat("0x" + Long.toHexString(found.general[i]))
                        .as(about + ": " + Machine.name(i))
                        .isEqualTo("0x" + Long.toHexString(wanted.general[i]));
            }
            if (!wanted.undefinedFloats[i] && !bothNaN(found.floats[i], wanted.floats[i], wanted.calculated[i])) {
                assertThat(Double.longBitsToDouble(found.floats[i]) + " 0x" + Long.toHexString(found.floats[i]))
                        .as(about + ": xmm" + i)
                        .isEqualTo(
                                Double.longBitsToDouble(wanted.floats[i]) + " 0x" + Long.toHexString(wanted.floats[i]));
            }
        }
        int from = (int) (wanted.general[Machine.RSP] - wanted.base);
        for (int at = Math.max(from, 0); at < Machine.BYTES; at += 8) {
            if (found.memory.getLong(at) != wanted.memory.getLong(at)) {
                assertThat("0x" + Long.toHexString(found.memory.getLong(at)))
                        .as(about + ": memory at 0x" + Integer.toHexString(at))
                        .isEqualTo("0x" + Long.toHexString(wanted.memory.getLong(at)));
            }
        }
    }

    /** Which of several NaNs an operation gives, nobody promises. */
    private static boolean bothNaN(long a, long b, boolean calculated) {
        return calculated && Double.isNaN(Double.longBitsToDouble(a)) && Double.isNaN(Double.longBitsToDouble(b));
    }

    private T noting(T emitter) {
        Object proxy = Proxy.newProxyInstance(
                stencils.getClassLoader(), new Class<?>[] {stencils}, (self, method, arguments) -> {
                    ran.add(method.getName());
                    return invoke(emitter, method, arguments);
                });
        return stencils.cast(proxy);
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
