package dev.intaglio.examples.manual;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import java.util.function.LongUnaryOperator;

/** Code that no address of the process can change. */
public final class HardenedCache {
    @Stencils
    interface Arithmetic {
        @Stencil("""
            | lea rax, [rdi + rdi*2]
            | ret
            """)
        void triple();
    }

    public static void main(String[] arguments) {
        CodeCache cache = CodeCache.options().hardened().create();
        try (cache;
                CodeBuffer buffer = cache.newBuffer()) {
            Arithmetic ops = new HardenedCache_ArithmeticEmitter(buffer);
            ops.triple();
            Code code = buffer.commit("triple");
            System.out.println(code.bind(LongUnaryOperator.class).applyAsLong(14)); // 42
            System.out.print(cache.describe());
        }
    }

    private HardenedCache() {}
}
