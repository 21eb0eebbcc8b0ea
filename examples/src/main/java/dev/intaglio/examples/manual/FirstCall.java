package dev.intaglio.examples.manual;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import java.util.function.LongUnaryOperator;

/** From a stencil to a call, step by step. */
public final class FirstCall {
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
        CodeCache cache = CodeCache.create(); // 64 MiB, near libc, libm and libjvm
        CodeBuffer buffer = cache.newBuffer(); // one a thread; used for piece after piece
        Arithmetic ops = new FirstCall_ArithmeticEmitter(buffer); // generated
        ops.mulAdd(3, 4); // writes bytes
        Code code = buffer.commit("mulAdd"); // links, copies once, is executable
        LongUnaryOperator f = code.bind(LongUnaryOperator.class);
        System.out.println(f.applyAsLong(14)); // 46
        code.close(); // freed when the last call has ended
        cache.close(); // closes buffers and code that are left
    }

    private FirstCall() {}
}
