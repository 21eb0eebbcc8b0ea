package dev.intaglio.examples.manual;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import dev.intaglio.runtime.Label;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/** Addresses that a piece of code goes to, loads, and reads from. */
public final class Addresses {
    @Stencils
    interface Parts {
        @Stencil("""
            | mov rax, value
            | ret
            """)
        void giveBack(int value);

        @Stencil("""
            | mov rax, target
            | jmp rax
            """)
        void goThroughRegister(long target);

        @Stencil("""
            | sub rdi, 1
            | js  =>out
            """)
        void countDown(Label out);

        @Stencil("""
            | mov rax, rdi
            | ret
            """)
        void giveBackRest();

        @Stencil("""
            | mulsd xmm0, [&factor]
            | ret
            """)
        void scale(long factor);
    }

    public static void main(String[] arguments) {
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer()) {
            Parts ops = new Addresses_PartsEmitter(buffer);
            ops.giveBack(42);
            Code target = buffer.commit("target");

            ops.goThroughRegister(target.address());
            buffer.keep(target); // an address in a register keeps nothing by itself
            Code entry = buffer.commit("entry");
            target.close(); // the entry still goes there
            System.out.println(entry.bind(LongSupplier.class).getAsLong()); // 42

            ops.giveBack(-1);
            Code failure = buffer.commit("failure");
            Label out = buffer.exitTo(failure.address());
            ops.countDown(out);
            ops.countDown(out); // the same jump in the cold section
            ops.giveBackRest();
            LongUnaryOperator rest = buffer.commit("rest").bind(LongUnaryOperator.class);
            System.out.println(rest.applyAsLong(5) + " " + rest.applyAsLong(1)); // 3 -1

            ops.scale(buffer.constantAddress(Double.doubleToRawLongBits(2.5)));
            Code scale = buffer.commit("scale");
            System.out.println(scale.bind(DoubleUnaryOperator.class).applyAsDouble(4)); // 10.0
        }
    }

    private Addresses() {}
}
