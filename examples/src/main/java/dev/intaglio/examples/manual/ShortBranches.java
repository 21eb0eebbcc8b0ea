package dev.intaglio.examples.manual;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import dev.intaglio.runtime.Label;
import java.util.function.LongUnaryOperator;

/** Forward branches in the fewest bytes. */
public final class ShortBranches {
    @Stencils
    interface Magnitude {
        @Stencil("""
            | mov  rax, rdi
            | test rax, rax
            | jns  =>done
            """)
        void leaveUnlessNegative(Label done);

        @Stencil("""
            | neg  rax
            |=>done:
            | ret
            """)
        void negate(Label done);
    }

    public static void main(String[] arguments) {
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer()) {
            Magnitude ops = new ShortBranches_MagnitudeEmitter(buffer);
            Label done = buffer.newLabel("done");

            ops.leaveUnlessNegative(done);
            ops.negate(done);
            Code inOnePass = buffer.commit("inOnePass"); // the branch takes six bytes

            buffer.smallest(() -> {
                ops.leaveUnlessNegative(done);
                ops.negate(done);
            });
            Code smallest = buffer.commit("smallest"); // here two

            System.out.println(inOnePass.size() - smallest.size());
            System.out.println(smallest.bind(LongUnaryOperator.class).applyAsLong(-5));
        }
    }

    private ShortBranches() {}
}
