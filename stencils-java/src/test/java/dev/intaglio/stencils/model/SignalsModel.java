package dev.intaglio.stencils.model;

import static dev.intaglio.stencils.model.Machine.RAX;
import static dev.intaglio.stencils.model.Machine.RDX;

import dev.intaglio.stencils.Signals;

/** {@link Signals} in plain Java. */
record SignalsModel(Machine m) implements Signals {
    @Override
    public void block(long mask, long counter) {
        long place = m.get(RDX) + CONTEXT_MASK;
        m.store(place, m.load(place) | mask);
        m.add4(counter, 1);
        m.scratch(RAX);
        throw m.ret();
    }
}
