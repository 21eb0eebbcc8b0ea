package dev.intaglio.processor.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import dev.intaglio.runtime.NativeStack;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The manual's idiom for functions that call themselves. */
class RecursionTest {
    @Test
    void aFunctionThatLooksAtTheStackReturnsBeforeItsEnd() {
        Assumptions.assumeTrue(CodeCache.isSupported());
        CompiledEmitter compiled = CompiledEmitter.of("Recursion")
                .stencil("fibonacci(int least)", """
                    |.define LIMIT, r15
                    | push r15
                    | mov LIMIT, rsi
                    | call ->visit
                    | pop r15
                    | ret
                    |->visit:
                    | cmp rsp, LIMIT
                    | jb  ->tooDeep
                    | cmp rdi, least
                    | jl  >1
                    | push rbx
                    | push rdi
                    | dec rdi
                    | call ->visit
                    | mov rbx, rax
                    | pop rdi
                    | sub rdi, 2
                    | call ->visit
                    | add rax, rbx
                    | pop rbx
                    | ret
                    |1: mov rax, rdi
                    | ret
                    |.cold
                    |->tooDeep:
                    | mov rax, -1
                    | ret
                    |.code
                    """)
                .compile();
        try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                CodeBuffer buffer = cache.newBuffer(16 << 10)) {
            compiled.on(buffer).emit("fibonacci", 2);
            Code fibonacci = buffer.commit("fibonacci");
            assertThat(fibonacci.call(20, NativeStack.limit())).isEqualTo(6765);
            assertThat(fibonacci.call(Long.MAX_VALUE, Long.MAX_VALUE)).isEqualTo(-1);
        }
    }
}
