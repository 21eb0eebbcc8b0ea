package dev.intaglio.examples;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import java.util.function.LongUnaryOperator;

/** The README's example: a function whose multiplier and addend are chosen at run time. */
public final class FiveMinutes {
    @Stencils
    interface Arithmetic {
        @Stencil("""
            | imul rax, rdi, factor
            | add  rax, addend
            | ret
            """)
        void mulAdd(int factor, int addend);
    }

    public static void main(String[] arguments) {
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer().withListing()) {
            Arithmetic ops = new FiveMinutes_ArithmeticEmitter(buffer);
            ops.mulAdd(3, 4);
            try (Code code = buffer.commit("mulAdd")) {
                LongUnaryOperator f = code.bind(LongUnaryOperator.class);
                System.out.println(f.applyAsLong(14));
                System.out.println(code.listing());
            }
        }
    }

    private FiveMinutes() {}
}
