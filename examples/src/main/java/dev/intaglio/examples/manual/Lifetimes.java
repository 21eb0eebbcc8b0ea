package dev.intaglio.examples.manual;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/** Code that the garbage collector frees, and a stub that stays, through which Java enters code that comes and goes. */
public final class Lifetimes {
    @Stencils
    interface Entry {
        @Stencil("""
            | mov rax, rdi                        // the address comes first,
            | mov rdi, rsi                        // then the argument of what lies there
            | jmp rax
            """)
        void enter();

        @Stencil("""
            | lea rax, [rdi + rdi * 4]
            | ret
            """)
        void fiveTimes();
    }

    public static void main(String[] arguments) {
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer()) {
            Entry ops = new Lifetimes_EntryEmitter(buffer);
            ops.fiveTimes();
            try (Code collected = buffer.commit("fiveTimes").makeCollected()) {
                LongUnaryOperator fiveTimes = collected.bind(LongUnaryOperator.class);
                System.out.println(fiveTimes.applyAsLong(8)); // 40
            }

            ops.enter();
            LongBinaryOperator enter = buffer.commit("enter").makePermanent().bind(LongBinaryOperator.class);

            ops.fiveTimes();
            Code trace = buffer.commit("fiveTimes");
            System.out.println(enter.applyAsLong(trace.address(), 8)); // the client keeps the trace open meanwhile
        }
    }

    private Lifetimes() {}
}
