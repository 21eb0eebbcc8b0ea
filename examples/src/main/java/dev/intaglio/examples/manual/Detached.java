package dev.intaglio.examples.manual;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.Cpu;
import dev.intaglio.runtime.Gpr;
import dev.intaglio.runtime.Xmm;

/** Code that is looked at rather than run, for this CPU or another one. */
public final class Detached {
    @Stencils
    interface Sums {
        @Stencil(cpu = "avx", value = "| vaddsd sum, a, b")
        @Stencil("""
            | movapd sum, a
            | addsd sum, b
            """)
        void add(Xmm sum, Xmm a, Xmm b);

        @Stencil("""
            | cvttsd2si result, value
            | ret
            """)
        void leave(Gpr result, Xmm value);
    }

    public static void main(String[] arguments) {
        for (String level : new String[] {"x86-64", "x86-64-v3"}) {
            try (CodeBuffer buffer = CodeBuffer.detached(0x400000, Cpu.of(level))) {
                Sums ops = new Detached_SumsEmitter(buffer);
                ops.add(Xmm.XMM2, Xmm.XMM0, Xmm.XMM1);
                System.out.println(level + ": " + buffer.code().size() + " bytes add");
                ops.leave(Gpr.RAX, Xmm.XMM2);
                CodeBuffer.Image image = buffer.image();
                System.out.println(image.code().length + " in all");
            }
        }
    }

    private Detached() {}
}
