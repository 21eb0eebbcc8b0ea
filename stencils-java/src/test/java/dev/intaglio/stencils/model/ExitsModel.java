package dev.intaglio.stencils.model;

import static dev.intaglio.stencils.model.Machine.R13;
import static dev.intaglio.stencils.model.Machine.RAX;
import static dev.intaglio.stencils.model.Machine.RSP;

import dev.intaglio.runtime.Label;
import dev.intaglio.stencils.Exits;

/** {@link Exits} in plain Java. */
record ExitsModel(Machine m) implements Exits {
    @Override
    public void here(Label here, long counter) {
        if (counter != 0) {
            m.add(counter, 1);
            m.scratch(RAX);
        }
    }

    private void box(int slot, long bits, long box) {
        m.set(RAX, bits);
        m.store(m.get(R13) + slot, m.call(box));
        m.scratch(RAX);
    }

    @Override
    public void boxSpilled(int slot, int spill, long box) {
        box(slot, m.load(m.get(RSP) + spill), box);
    }

    @Override
    public void boxFloat(int slot, int from, long boxFloat) {
        box(slot, m.bits(from), boxFloat);
    }

    @Override
    public void boxInt(int slot, int from, long boxInt) {
        box(slot, m.get(from), boxInt);
    }

    @Override
    public void duplicate(int to, int from) {
        constant(to, m.load(m.get(R13) + from));
    }

    @Override
    public void constant(int slot, long object) {
        new References(m).retain(object);
        m.store(m.get(R13) + slot, object);
        m.scratch(RAX);
    }

    @Override
    public void jumpTo(long target) {
        throw m.jump(target);
    }

    @Override
    public void jump(Label target) {
        throw m.leave(target);
    }
}
