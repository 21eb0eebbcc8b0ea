package dev.intaglio.stencils.model;

import static dev.intaglio.stencils.model.Machine.R12;
import static dev.intaglio.stencils.model.Machine.R15;
import static dev.intaglio.stencils.model.Machine.RAX;
import static dev.intaglio.stencils.model.Machine.RBX;
import static dev.intaglio.stencils.model.Machine.RCX;
import static dev.intaglio.stencils.model.Machine.RDI;
import static dev.intaglio.stencils.model.Machine.RDX;
import static dev.intaglio.stencils.model.Machine.RSI;

import dev.intaglio.runtime.Label;
import dev.intaglio.stencils.Control;

/** {@link Control} in plain Java. */
record ControlModel(Machine m) implements Control {
    @Override
    public void poll(Label pending) {
        if (m.load4(m.get(RBX) + INTERPRETER_EVAL_BREAKER) != 0) {
            throw m.leave(pending);
        }
    }

    @Override
    public void serve(
            Label here,
            long makePendingCalls,
            long saveThread,
            long restoreThread,
            Label failed,
            Label asynchronous,
            Label done) {
        boolean served = (int) m.call(makePendingCalls) >= 0;
        m.scratch(RAX);
        if (!served) {
            throw m.leave(failed);
        }
        m.set(RDI, m.call(saveThread));
        m.call(restoreThread);
        throw m.leave(m.load(m.get(R15) + THREAD_ASYNC_EXCEPTION) != 0 ? asynchronous : done);
    }

    @Override
    public void backEdge(long cell, int counter, long optimize, int id, int unit, Label target) {
        m.scratch(RAX, RDX);
        if (m.load(cell) == 0) {
            m.add(cell + counter, -1);
            if (m.load(cell + counter) != 0) {
                throw m.leave(target);
            }
            ask(optimize, id, unit);
            m.set(R12, cell);
        }
        if (m.load(cell) == 0) {
            throw m.leave(target);
        }
        m.scratch(RAX);
        throw m.jump(m.load(cell));
    }

    @Override
    public void countEntry(long counter, long optimize, int id, int unit) {
        m.add(counter, -1);
        if (m.load(counter) == 0) {
            ask(optimize, id, unit);
        }
        m.scratch(RAX, RDX);
    }

    private void ask(long optimize, int id, int unit) {
        m.set4(RDI, id);
        m.set4(RSI, unit);
        m.call(optimize);
        m.scratch(RAX);
    }

    @Override
    public void counted(Label here, long sites, long counter, long optimize, int id) {
        m.add4(sites + 4 * m.get(RCX), 1);
        m.add(counter, -1);
        long target = m.get(RDX);
        if (m.load(counter) == 0) {
            ask(optimize, id, (int) m.get(RCX) + EXIT);
            m.set(R12, target);
        }
        m.scratch(RAX);
        throw m.jump(target);
    }

    @Override
    public void exit(int site, long target, Label counted) {
        m.set4(RCX, site);
        m.set(RDX, target);
        throw m.leave(counted);
    }
}
