package dev.intaglio.stencils.model;

import static dev.intaglio.stencils.model.Machine.RDX;

import dev.intaglio.stencils.Signals;
import dev.intaglio.stencils.SignalsCopyAndPatchEmitter;
import dev.intaglio.stencils.SignalsEmitter;
import org.junit.jupiter.api.Test;

class SignalsTest extends StencilTest<Signals> {
    SignalsTest() {
        super(Signals.class, SignalsEmitter::new, SignalsCopyAndPatchEmitter::new, SignalsModel::new);
    }

    @Test
    void theHandlerBlocksWhatItIsToldAndCounts() {
        check(s -> {
            s.returnTo("caller", true);
            s.m.set(RDX, s.allocate(400));
            s.m.store(s.m.get(RDX) + Signals.CONTEXT_MASK, s.random.nextLong());
            long mask = s.oneOf(1L << 1, 1L << 30, 1L << 31, 1L << 63, -1L);
            long counter = s.allocate(8) + 4;
            s.m.store4(counter, s.random.nextInt());
            return signals -> signals.block(mask, counter);
        });
    }
}
