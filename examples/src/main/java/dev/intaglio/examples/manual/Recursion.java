package dev.intaglio.examples.manual;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import dev.intaglio.runtime.NativeStack;
import java.util.function.LongBinaryOperator;

/** A function that calls itself, and gives up before the stack ends. */
public final class Recursion {
    @Stencils
    interface Sums {
        /** The sum of the numbers from n (in rdi) down to 1, or -1 where the stack below the limit (in rsi) would be needed. */
        @Stencil("""
            |.define LIMIT, r15          // which every function keeps
            | push r15
            | mov  LIMIT, rsi
            | call ->visit
            | pop  r15
            | ret

            |->visit:
            | cmp  rsp, LIMIT
            | jb   ->tooDeep
            | mov  rax, rdi
            | test rdi, rdi
            | jz   >1
            | push rdi
            | dec  rdi
            | call ->visit
            | pop  rdi
            | test rax, rax              // a caller passes -1 on
            | js   >1
            | add  rax, rdi
            |1:
            | ret

            |.cold
            |->tooDeep:
            | mov  rax, -1
            | ret
            """)
        void sum();
    }

    public static void main(String[] arguments) {
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer()) {
            Sums ops = new Recursion_SumsEmitter(buffer);
            ops.sum();
            Code code = buffer.commit("sum");
            LongBinaryOperator sum = code.bind(LongBinaryOperator.class);
            System.out.println(sum.applyAsLong(1000, NativeStack.limit())); // 500500
            System.out.println(sum.applyAsLong(Long.MAX_VALUE, NativeStack.limit())); // -1
        }
    }

    private Recursion() {}
}
