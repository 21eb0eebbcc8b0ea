package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.function.LongBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Recursion that looks at the stack ends in a value, and the JVM goes on. */
class RecursionTest {
    private static final int JB = 2;

    @Test
    void recursionWithoutEndReturnsAtTheLimitOfItsThread() throws Exception {
        try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                CodeBuffer buffer = cache.newBuffer()) {
            HandEmitter emitter = new HandEmitter(buffer);
            Label self = new Label("self");
            Label deep = new Label("deep");
            Label end = new Label("end");
            // long depth(n in rdi, limit in rsi): 1 + depth(n - 1), or 0 where n is 0 or the stack ends
            emitter.bind(self).hex("4839f4").branch(JB, deep).hex("31c0 4885ff").branch(4, end);
            emitter.hex("4883ec08 48ffcf")
                    .call(self)
                    .hex("4883c408 48ffc0")
                    .bind(end)
                    .hex("c3");
            emitter.bind(deep).hex("31c0c3");
            LongBinaryOperator depth = buffer.commit("depth").bind(LongBinaryOperator.class);
            assertThat(depth.applyAsLong(1000, NativeStack.limit())).isEqualTo(1000);
            for (long size : new long[] {1 << 20, 4 << 20, 16 << 20}) {
                CompletableFuture<Long> reached = new CompletableFuture<>();
                Runnable deepest = () -> {
                    reached.complete(depth.applyAsLong(Long.MAX_VALUE, NativeStack.limit()));
                };
                Thread thread = new Thread(null, deepest, "deep", size);
                thread.start();
                thread.join();
                assertThat(reached.get() * 16).isGreaterThan(size / 4);
            }
        }
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void aVirtualThreadHasNoLimit() throws Exception {
        CompletableFuture<Long> limit = new CompletableFuture<>();
        Runnable asking = () -> {
            try {
                limit.complete(NativeStack.limit());
            } catch (UnsupportedOperationException e) {
                limit.completeExceptionally(e);
            }
        };
        Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, asking);
        assertThatThrownBy(limit::get)
                .cause()
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("in a platform thread");
        assertThat(NativeStack.limit()).isPositive();
    }
}
