package dev.intaglio.processor.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import dev.intaglio.runtime.Label;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What the processor settles within a stencil stays right when branches to labels get their fewest bytes. */
class SmallestTest {
    @Test
    void localLabelsAreReachedOverBranchesOfAnySize() {
        Assumptions.assumeTrue(CodeCache.isSupported());
        CompiledEmitter compiled = CompiledEmitter.of("Sized")
                .stencil("decide(Label target, Label next)", """
                    |1: test rdi, rdi
                    | jz >2
                    | dec rdi
                    | jnz =>target
                    | jmp =>next
                    |.cold
                    |2: mov eax, 7
                    | jmp >3
                    |.code
                    |3: ret
                    |=>next:
                    | jmp <1
                    """)
                .stencil("end(Label target, int value)", """
                    |=>target: mov eax, value
                    | ret
                    """)
                .compile();
        try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                CodeBuffer buffer = cache.newBuffer(16 << 10)) {
            CompiledEmitter.Instance emitter = compiled.on(buffer);
            Label target = new Label();
            Label next = new Label();
            Runnable emission = () -> {
                emitter.emit("decide", target, next);
                emitter.emit("end", target, 5);
            };
            emission.run();
            Code plain = buffer.commit("plain");
            Code small = buffer.smallest(emission).commit("small");
            for (long argument : new long[] {0, 1, 2, 3}) {
                assertThat(small.call(argument)).isEqualTo(plain.call(argument));
            }
            assertThat(small.call(0)).isEqualTo(7);
            assertThat(small.call(3)).isEqualTo(5);
            assertThat(plain.size() - small.size()).isEqualTo(4 + 3);
        }
    }
}
