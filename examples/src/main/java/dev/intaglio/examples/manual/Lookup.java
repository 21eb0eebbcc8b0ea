package dev.intaglio.examples.manual;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import dev.intaglio.runtime.CodePlace;
import dev.intaglio.runtime.CodeRegistry;
import dev.intaglio.runtime.Upcall;
import java.util.function.LongBinaryOperator;

/** From an address in emitted code to the line that made it. */
public final class Lookup {
    @Stencils
    interface Loops {
        /** {@code long f(long n)} that calls {@code function(n, sum)} for n down to 1. */
        @Stencil("""
            | push rbx
            | push r12
            | sub  rsp, 8
            | mov  rbx, rdi
            | xor  eax, eax
            |1:
            | mov  rdi, rbx
            | mov  rsi, rax
            | call function
            | dec  rbx
            | jnz  <1
            | add  rsp, 8
            | pop  r12
            | pop  rbx
            | ret
            """)
        void callBack(long function);
    }

    public static void main(String[] arguments) {
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer().withListing();
                Upcall add = cache.upcall(LongBinaryOperator.class, Long::sum)) {
            Loops ops = new Lookup_LoopsEmitter(buffer);
            ops.callBack(add.address());
            Code code = buffer.commit("sum");
            CodePlace place = CodeRegistry.lookup(code.address() + 0x10).orElseThrow();
            System.out.println(place);
            System.out.println(code.listing());
        }
    }

    private Lookup() {}
}
