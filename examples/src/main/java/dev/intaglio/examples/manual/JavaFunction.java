package dev.intaglio.examples.manual;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import dev.intaglio.runtime.Upcall;
import java.util.function.LongBinaryOperator;

/** Emitted code that calls Java. */
public final class JavaFunction {
    @Stencils
    interface Combining {
        /** Passes its two arguments on; where it calls, rsp is a multiple of 16, as the ABI wants it. */
        @Stencil("""
            | sub  rsp, 8
            | call function
            | add  rsp, 8
            | ret
            """)
        void combine(long function);
    }

    public static void main(String[] arguments) {
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer()) {
            Combining ops = new JavaFunction_CombiningEmitter(buffer);
            Upcall max = cache.upcall(LongBinaryOperator.class, Math::max);
            ops.combine(max.address());
            Code code = buffer.commit("combine");
            max.close(); // the code that calls it keeps it
            System.out.println(code.bind(LongBinaryOperator.class).applyAsLong(3, 7)); // 7
        }
    }

    private JavaFunction() {}
}
