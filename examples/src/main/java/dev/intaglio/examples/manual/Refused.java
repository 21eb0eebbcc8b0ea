package dev.intaglio.examples.manual;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeBufferException;
import dev.intaglio.runtime.CodeCache;
import dev.intaglio.runtime.EmissionException;
import dev.intaglio.runtime.Label;
import dev.intaglio.runtime.LinkException;

/** What emission refuses, and how it goes on. */
public final class Refused {
    @Stencils
    interface Shifts {
        @Stencil("""
            | mov rax, rdi
            | shl rax, count
            """)
        void shift(int count);

        @Stencil("| jmp =>end")
        void leave(Label end);

        @Stencil("| ret")
        void giveBack();
    }

    public static void main(String[] arguments) {
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer(4096)) {
            Shifts ops = new Refused_ShiftsEmitter(buffer);
            try {
                ops.shift(300);
            } catch (EmissionException e) { // a count has eight bits
                ops.shift(3); // nothing of the other one is there
            }
            ops.leave(buffer.newLabel("end"));
            try {
                buffer.commit("shift");
            } catch (LinkException e) { // end is bound nowhere
                buffer.reset(); // as if nothing had been emitted
            }
            ops.shift(3);
            ops.giveBack();
            System.out.println(buffer.commit("shift").call(5)); // 40

            CodeBuffer neighbour = cache.newBuffer(4096);
            try {
                commitLong(buffer);
            } catch (CodeBufferException e) { // the neighbour's windows lie behind those of the buffer
                neighbour.close();
                CodeBuffer larger = cache.newBuffer(1 << 20);
                System.out.println(commitLong(larger).call(1)); // 2
                larger.close();
            }
        }
    }

    private static Code commitLong(CodeBuffer buffer) {
        Shifts ops = new Refused_ShiftsEmitter(buffer);
        for (int i = 0; i < 10_000; i++) {
            ops.shift(1);
        }
        ops.giveBack();
        return buffer.commit("long");
    }

    private Refused() {}
}
