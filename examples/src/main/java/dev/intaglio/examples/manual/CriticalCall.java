package dev.intaglio.examples.manual;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import java.util.function.LongBinaryOperator;

/** A short function, called in the cheapest way that the JDK has. */
public final class CriticalCall {
    @Stencils
    interface Hashes {
        @Stencil("""
            | imul rax, rdi, 31
            | add  rax, rsi
            | ret
            """)
        void combine();
    }

    public static void main(String[] arguments) {
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer()) {
            Hashes ops = new CriticalCall_HashesEmitter(buffer);
            ops.combine();
            Code code = buffer.commit("combine");
            boolean critical = Runtime.version().feature() >= 22;
            LongBinaryOperator combine =
                    critical ? code.bindCritical(LongBinaryOperator.class) : code.bind(LongBinaryOperator.class);
            System.out.println(combine.applyAsLong(2, 3)); // 65
        }
    }

    private CriticalCall() {}
}
