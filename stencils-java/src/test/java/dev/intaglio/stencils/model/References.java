package dev.intaglio.stencils.model;

import static dev.intaglio.stencils.model.Machine.RDI;

import dev.intaglio.stencils.Layout;

/** References taken and given up, as models do it. */
record References(Machine m) implements Layout {
    void retain(long object) {
        m.add(object + OBJECT_REFCNT, 1);
    }

    /** Gives one up; the last has the object freed. What the stencil does with rdi is its own matter. */
    void drop(long object, long dealloc) {
        m.add(object + OBJECT_REFCNT, -1);
        if (m.load(object + OBJECT_REFCNT) == 0) {
            m.set(RDI, object);
            m.call(dealloc);
            m.scratch(Machine.RAX);
        }
        m.scratch(RDI);
    }

    void dropIfAny(long object, long dealloc) {
        if (object == 0) {
            m.scratch(RDI);
        } else {
            drop(object, dealloc);
        }
    }
}
