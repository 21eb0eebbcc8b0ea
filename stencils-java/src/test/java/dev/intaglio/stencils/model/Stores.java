package dev.intaglio.stencils.model;

import static dev.intaglio.stencils.model.Machine.R13;
import static dev.intaglio.stencils.model.Machine.RAX;
import static dev.intaglio.stencils.model.Machine.RCX;
import static dev.intaglio.stencils.model.Machine.RDI;
import static dev.intaglio.stencils.model.Machine.RDX;

import dev.intaglio.stencils.Layout;

/** Stores into items and attributes by fast code, as models do them; freeing may run Python code, which asks for the line. */
record Stores(Machine m) implements Layout {
    /** Stores a reference, and gives up the one that was there. */
    void replace(long place, long object, long instruction, long dealloc) {
        long old = m.load(place);
        m.store(place, object);
        drop(old, instruction, dealloc);
    }

    /** Stores a float: into the object that is there, where nobody else holds it. */
    void replaceFloat(long place, int xmm, long type, long boxFloat, long instruction, long dealloc) {
        long old = m.load(place);
        if (m.load(old + OBJECT_REFCNT) == 1 && m.load(old + OBJECT_TYPE) == type) {
            m.store(old + FLOAT_VALUE, m.bits(xmm));
            m.scratch(RAX, RCX, RDX, RDI);
            return;
        }
        m.set(RAX, m.bits(xmm));
        replace(place, m.call(boxFloat), instruction, dealloc);
    }

    void drop(long object, long instruction, long dealloc) {
        m.add(object + OBJECT_REFCNT, -1);
        if (m.load(object + OBJECT_REFCNT) == 0) {
            m.store(m.get(R13) + FRAME_INSTRUCTION, instruction);
            m.set(RDI, object);
            m.call(dealloc);
        }
        m.scratch(RAX, RCX, RDX, RDI);
    }
}
