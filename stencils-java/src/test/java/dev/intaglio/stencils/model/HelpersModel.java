package dev.intaglio.stencils.model;

import static dev.intaglio.stencils.model.Machine.RAX;
import static dev.intaglio.stencils.model.Machine.RBX;
import static dev.intaglio.stencils.model.Machine.RCX;
import static dev.intaglio.stencils.model.Machine.RDI;
import static dev.intaglio.stencils.model.Machine.RDX;
import static dev.intaglio.stencils.model.Machine.RSP;

import dev.intaglio.runtime.Label;
import dev.intaglio.stencils.Helpers;

/** {@link Helpers} in plain Java. */
record HelpersModel(Machine m) implements Helpers {
    /** How much deeper the stack is when the function is called: seven registers and what keeps the floats. */
    private static final int SAVED = 7 * 8;

    private static final int FLOATS = 128;

    @Override
    public void call(Label here, long function, boolean ofDouble, boolean ofInt) {
        Machine kept = m.copy();
        if (ofDouble) {
            m.setBits(0, m.get(RAX));
        }
        if (ofInt) {
            m.set(RDI, m.get(RAX));
        }
        m.set(RSP, (m.get(RSP) - SAVED & -16) - FLOATS);
        long result = m.call(function);
        for (int i = 0; i < 16; i++) {
            if (i != RCX && i != RDX) {
                m.set(i, kept.get(i));
            }
            m.setBits(i, kept.bits(i));
        }
        m.scratch(RCX, RDX);
        if (!ofDouble && !ofInt) {
            m.set(RDI, kept.get(RDI));
        }
        m.set(RAX, result);
        throw m.ret();
    }

    @Override
    public void boxFloat(Label here, long type, Label slow) {
        long free = m.load(m.get(RBX) + INTERPRETER_FREE_FLOAT);
        m.scratch(RCX, RDX);
        if (free == 0) {
            throw m.leave(slow);
        }
        m.store(m.get(RBX) + INTERPRETER_FREE_FLOAT, m.load(free + FLOAT_NEXT_FREE));
        m.add4(m.get(RBX) + INTERPRETER_FREE_FLOATS, -1);
        m.store(free + OBJECT_REFCNT, 1);
        m.store(free + OBJECT_TYPE, type);
        m.store(free + FLOAT_VALUE, m.get(RAX));
        m.set(RAX, free);
        throw m.ret();
    }

    @Override
    public void boxInt(Label here, long smallInts, Label slow) {
        long value = m.get(RAX);
        m.scratch(RCX, RDX);
        if (value < SMALLEST_SMALL_INT || value >= SMALLEST_SMALL_INT + SMALL_INTS) {
            throw m.leave(slow);
        }
        long object = smallInts + (value - SMALLEST_SMALL_INT) * SMALL_INT_BYTES;
        new References(m).retain(object);
        m.set(RAX, object);
        throw m.ret();
    }

    @Override
    public void dropFloat(Label here, Label slow) {
        m.scratch(RAX);
        long object = m.get(RDI);
        int free = m.load4(m.get(RBX) + INTERPRETER_FREE_FLOATS);
        if (free >= FLOAT_MOST_FREE) {
            throw m.leave(slow);
        }
        m.store(object + FLOAT_NEXT_FREE, m.load(m.get(RBX) + INTERPRETER_FREE_FLOAT));
        m.store(m.get(RBX) + INTERPRETER_FREE_FLOAT, object);
        m.store4(m.get(RBX) + INTERPRETER_FREE_FLOATS, free + 1);
        throw m.ret();
    }
}
