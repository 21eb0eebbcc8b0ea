package dev.intaglio.examples.manual;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import java.util.function.LongSupplier;

/** A piece that one thread begins and another one ends. */
public final class HandedOver {
    @Stencils
    interface Halves {
        @Stencil("| mov eax, value")
        void load(int value);

        @Stencil("| ret")
        void giveBack();
    }

    public static void main(String[] arguments) throws InterruptedException {
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer()) {
            Halves ops = new HandedOver_HalvesEmitter(buffer);
            ops.load(7);
            Thread other = new Thread(() -> {
                ops.giveBack();
                LongSupplier f = buffer.commit("seven").bind(LongSupplier.class);
                System.out.println(f.getAsLong());
            });
            buffer.handOver(other); // the last that this thread does with it
            other.start();
            other.join();
        }
    }

    private HandedOver() {}
}
