package dev.intaglio.stencils.model;

import static dev.intaglio.stencils.model.Machine.R13;
import static dev.intaglio.stencils.model.Machine.R15;
import static dev.intaglio.stencils.model.Machine.RAX;
import static dev.intaglio.stencils.model.Machine.RCX;

import dev.intaglio.runtime.Label;
import dev.intaglio.stencils.Checks;

/** {@link Checks} in plain Java. */
record ChecksModel(Machine m) implements Checks {
    @Override
    public void exactly(int slot, long type, Label other) {
        either(slot, type, type, other);
    }

    @Override
    public void either(int slot, long type, long orType, Label other) {
        m.scratch(RAX, RCX);
        long found = m.load(object(slot) + OBJECT_TYPE);
        if (found != type && found != orType) {
            throw m.leave(other);
        }
    }

    @Override
    public void isEmpty(int slot, Label other) {
        m.scratch(RAX);
        if (m.load(object(slot) + DICT_USED) != 0) {
            throw m.leave(other);
        }
    }

    @Override
    public void whetherRaised(Label here, Label raised, Label other) {
        throw m.leave(m.load(m.get(R15) + THREAD_EXCEPTION) != 0 ? raised : other);
    }

    private long object(int slot) {
        return m.load(m.get(R13) + slot);
    }
}
