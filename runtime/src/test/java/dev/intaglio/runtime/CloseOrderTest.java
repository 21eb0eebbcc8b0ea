package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

/** A cache, its buffer, an upcall, code that calls it, and code that a patch site leads there: closed in each order. */
class CloseOrderTest {
    private static final int JMP = 0xE9;

    /** One of each, {@code caller(n) = 10 n} and {@code jump(n) = caller(n)} by way of the patch site. */
    private static final class Life {
        final CodeCache cache = CodeCache.options().size(1 << 20).create();
        final CodeBuffer buffer = cache.newBuffer(16 << 10);
        final Upcall upcall = cache.upcall(LongUnaryOperator.class, n -> n * 10);
        final PatchSite site = new PatchSite("site");
        final Code caller;
        final Code jump;
        final LongUnaryOperator call;
        final LongUnaryOperator jumped;
        final long address = cache.address();
        final List<String> closed = new ArrayList<>();

        Life() {
            HandEmitter emitter = new HandEmitter(buffer);
            caller = emitter.hex("4883ec08")
                    .callAddress(upcall.address())
                    .hex("4883c408c3")
                    .commit("caller", buffer);
            jump = emitter.patchBranch(site, JMP, upcall.address()).commit("jump", buffer);
            site.patch(caller.address());
            call = caller.bind(LongUnaryOperator.class);
            jumped = jump.bind(LongUnaryOperator.class);
            emitter.hex("31c0c3"); // and a piece that is never committed
        }

        Map<String, AutoCloseable> parts() {
            Map<String, AutoCloseable> parts = new LinkedHashMap<>();
            parts.put("cache", cache);
            parts.put("buffer", buffer);
            parts.put("upcall", upcall);
            parts.put("caller", caller);
            parts.put("jump", jump);
            return parts;
        }

        void close(String name) throws Exception {
            parts().get(name).close();
            closed.add(name);
        }

        private boolean isClosed(String name) {
            return closed.contains(name) || closed.contains("cache");
        }

        /** What is open gives what it gave, what is closed says so, and closing once more is nothing. */
        void check() throws Exception {
            check("caller", call);
            check("jump", jumped);
            if (isClosed("jump")) {
                assertThatThrownBy(() -> site.patch(address))
                        .as(closed.toString())
                        .isInstanceOf(IllegalStateException.class);
            }
            if (isClosed("buffer")) {
                assertThatThrownBy(() -> buffer.commit("late"))
                        .as(closed.toString())
                        .isInstanceOf(IllegalStateException.class);
            }
            for (String name : closed) {
                parts().get(name).close();
            }
        }

        private void check(String name, LongUnaryOperator bound) {
            if (isClosed(name)) {
                assertThatThrownBy(() -> bound.applyAsLong(7))
                        .as(closed.toString())
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("closed");
            } else {
                assertThat(bound.applyAsLong(7)).as(closed.toString()).isEqualTo(70);
            }
        }
    }

    private static List<List<String>> orders(List<String> names) {
        if (names.isEmpty()) {
            return List.of(List.of());
        }
        List<List<String>> orders = new ArrayList<>();
        for (String first : names) {
            List<String> others = new ArrayList<>(names);
            others.remove(first);
            for (List<String> order : orders(others)) {
                List<String> all = new ArrayList<>(List.of(first));
                all.addAll(order);
                orders.add(all);
            }
        }
        return orders;
    }

    @Test
    void anyOrderLeavesNothingBehind() throws Exception {
        List<List<String>> orders = orders(List.of("cache", "buffer", "upcall", "caller", "jump"));
        assertThat(orders).hasSize(120);
        for (List<String> order : orders) {
            Life life = new Life();
            life.check();
            for (String name : order) {
                if (name.equals("cache") && life.closed.containsAll(List.of("buffer", "upcall", "caller", "jump"))) {
                    CacheStatistics left = life.cache.statistics();
                    assertThat(left.pieces()).as(order.toString()).isZero();
                    assertThat(left.held()).as(order.toString()).isZero();
                }
                life.close(name);
                life.check();
            }
            assertThat(Mappings.at(life.address)
                            .filter(mapping -> mapping.path().contains("intaglio")))
                    .as(order.toString())
                    .isEmpty();
        }
    }
}
