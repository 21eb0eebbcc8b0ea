package dev.intaglio.stencils.model;

import static dev.intaglio.stencils.model.Machine.R12;
import static dev.intaglio.stencils.model.Machine.R13;
import static dev.intaglio.stencils.model.Machine.R14;
import static dev.intaglio.stencils.model.Machine.R15;
import static dev.intaglio.stencils.model.Machine.RAX;
import static dev.intaglio.stencils.model.Machine.RCX;
import static dev.intaglio.stencils.model.Machine.RDI;
import static dev.intaglio.stencils.model.Machine.RDX;
import static dev.intaglio.stencils.model.Machine.RSI;
import static dev.intaglio.stencils.model.Machine.RSP;

import dev.intaglio.runtime.Label;
import dev.intaglio.stencils.Objects;

/** {@link Objects} in plain Java. */
record ObjectsModel(Machine m) implements Objects {
    private long slot(int slot) {
        return m.load(m.get(R13) + slot);
    }

    private void slot(int slot, long value) {
        m.store(m.get(R13) + slot, value);
    }

    private References references() {
        return new References(m);
    }

    /** A new reference into a slot. */
    private void retain(int slot, long object) {
        references().retain(object);
        slot(slot, object);
    }

    @Override
    public void here(Label here) {}

    @Override
    public void jump(Label target) {
        throw m.leave(target);
    }

    @Override
    public void jumpTo(long target) {
        throw m.jump(target);
    }

    @Override
    public void at(long instruction) {
        m.store(m.get(R13) + FRAME_INSTRUCTION, instruction);
        m.scratch(RAX);
    }

    @Override
    public void load(int register, int slot) {
        m.set(register, slot(slot));
    }

    @Override
    public void store(int slot, int register) {
        slot(slot, m.get(register));
    }

    @Override
    public void slotAddress(int register, int slot) {
        m.set(register, m.get(R13) + slot);
    }

    @Override
    public void constant(int register, long value) {
        m.set(register, value);
    }

    @Override
    public void move(int to, int from) {
        m.set(to, m.get(from));
    }

    @Override
    public void field(int to, int base, int displacement) {
        m.set(to, m.load(m.get(base) + displacement));
    }

    @Override
    public void setField(int base, int displacement, int from) {
        m.store(m.get(base) + displacement, m.get(from));
    }

    @Override
    public void clear(int slot) {
        slot(slot, 0);
    }

    @Override
    public void retain(int register) {
        references().retain(m.get(register));
    }

    @Override
    public void storeConstant(int slot, long object) {
        retain(slot, object);
        m.scratch(RAX);
    }

    @Override
    public void duplicate(int to, int from) {
        retain(to, slot(from));
        m.scratch(RAX);
    }

    @Override
    public void duplicateBound(int to, int from, Label empty) {
        m.scratch(RAX);
        if (slot(from) == 0) {
            throw m.leave(empty);
        }
        duplicate(to, from);
    }

    @Override
    public void swap(int a, int b) {
        long first = slot(a);
        slot(a, slot(b));
        slot(b, first);
        m.scratch(RAX, RCX);
    }

    @Override
    public void moveToLocal(int to, int from, long dealloc) {
        long old = slot(to);
        slot(to, slot(from));
        references().dropIfAny(old, dealloc);
        m.scratch(RAX);
    }

    @Override
    public void drop(int slot, long dealloc) {
        references().drop(slot(slot), dealloc);
    }

    @Override
    public void dropIfAny(int slot, long dealloc) {
        references().dropIfAny(slot(slot), dealloc);
    }

    @Override
    public void dropRegister(int register, long dealloc) {
        references().drop(m.get(register), dealloc);
    }

    @Override
    public void appendString(int slot, int local, long string, long append, long dealloc, Label other, Label failed) {
        long left = slot(slot);
        long right = slot(slot + 8);
        m.scratch(RAX, RCX, RSI, RDI);
        if (left != slot(local) || m.load(left + OBJECT_TYPE) != string || m.load(right + OBJECT_TYPE) != string) {
            throw m.leave(other);
        }
        m.add(left + OBJECT_REFCNT, -1);
        m.set(RDI, m.get(R13) + local);
        m.set(RSI, right);
        m.call(append);
        m.scratch(RAX);
        references().drop(right, dealloc);
        if (slot(local) == 0) {
            throw m.leave(failed);
        }
    }

    @Override
    public void call(long function) {
        m.set(R12, m.call(function));
    }

    @Override
    public void failIfNull(Label failed) {
        jumpOnNull(failed);
    }

    @Override
    public void failIfNegative(Label failed) {
        if ((int) m.get(R12) < 0) {
            throw m.leave(failed);
        }
    }

    @Override
    public void truth(long yes, long no) {
        long truth = (int) m.get(R12) != 0 ? yes : no;
        references().retain(truth);
        m.set(R12, truth);
        m.scratch(RAX, RCX);
    }

    @Override
    public void jumpOnInt(boolean ifTrue, Label target) {
        if (((int) m.get(R12) != 0) == ifTrue) {
            throw m.leave(target);
        }
    }

    @Override
    public void jumpOnNull(Label target) {
        if (m.get(R12) == 0) {
            throw m.leave(target);
        }
    }

    @Override
    public void note(int slot, long cell) {
        long type = m.load(slot(slot) + OBJECT_TYPE);
        long noted = m.load(cell);
        m.store(cell, noted == 0 || noted == type ? type : 1);
        m.scratch(RAX, RCX);
    }

    @Override
    public void noteIfAny(int slot, long cell) {
        if (slot(slot) != 0) {
            note(slot, cell);
        }
        m.scratch(RAX, RCX);
    }

    @Override
    public void condition(int slot, long yes, long no, long isTrue, long dealloc) {
        long object = slot(slot);
        m.scratch(RAX, RCX);
        m.set(RDI, object);
        long truth = object == yes ? 1 : object == no ? 0 : m.call(isTrue);
        m.set4(R12, truth);
        references().drop(object, dealloc);
        m.scratch(RAX);
    }

    @Override
    public void next(int slot) {
        long iterator = slot(slot);
        m.set(RDI, iterator);
        m.set(R12, m.call(m.load(m.load(iterator + OBJECT_TYPE) + TYPE_ITERNEXT)));
    }

    @Override
    public void atEnd(long stopIteration, long matches, long clear, Label failed) {
        m.scratch(RAX, RDI);
        if (m.load(m.get(R15) + THREAD_EXCEPTION) == 0) {
            return;
        }
        m.set(RDI, m.load(stopIteration));
        if ((int) m.call(matches) == 0) {
            throw m.leave(failed);
        }
        m.call(clear);
    }

    @Override
    public void callVector(int slot, int positional, long names, long vectorcall) {
        boolean method = slot(slot) != 0;
        m.set(RDI, method ? slot(slot) : slot(slot + 8));
        m.set(RSI, m.get(R13) + slot + (method ? 8 : 16));
        m.set(RDX, OFFSET_FLAG + positional + (method ? 1 : 0));
        m.set(RCX, names);
        m.set(R12, m.call(vectorcall));
    }

    @Override
    public void unlessTraced(Label traced) {
        if (m.load1(m.get(RSP) + CFRAME_USE_TRACING) != 0) {
            throw m.leave(traced);
        }
    }

    @Override
    public void loadCell(int to, int from, Label empty) {
        long contents = m.load(slot(from) + CELL_CONTENTS);
        m.scratch(RAX);
        if (contents == 0) {
            throw m.leave(empty);
        }
        retain(to, contents);
    }

    @Override
    public void storeCell(int cell, int from, long dealloc) {
        long place = slot(cell) + CELL_CONTENTS;
        long old = m.load(place);
        m.store(place, slot(from));
        m.scratch(RAX, RCX);
        references().dropIfAny(old, dealloc);
    }

    @Override
    public void copyFreeVariable(int to, int index) {
        long closure = m.load(slot(FRAME_FUNCTION) + FUNCTION_CLOSURE);
        retain(to, m.load(closure + TUPLE_ITEMS + index * 8L));
        m.scratch(RAX);
    }

    @Override
    public void jumpOnIdentity(int slot, long object, boolean ifSame, Label target) {
        m.scratch(RAX, RCX);
        if ((slot(slot) == object) == ifSame) {
            throw m.leave(target);
        }
    }

    @Override
    public void same(int slot, long object) {
        m.set(R12, slot(slot) == object ? 1 : 0);
        m.scratch(RAX);
    }

    @Override
    public void sameSlots(int a, int b) {
        same(a, slot(b));
    }

    @Override
    public void invert() {
        m.set4(R12, m.get(R12) ^ 1);
    }

    @Override
    public void loadMethod(int slot, long name, long getMethod, long dealloc, Label failed) {
        long object = slot(slot);
        long found = m.get(RSP) + CFRAME_BYTES;
        m.store(found, 0);
        m.set(RDI, object);
        m.set(RSI, name);
        m.set(RDX, found);
        boolean method = (int) m.call(getMethod) != 0;
        m.scratch(RAX);
        if (m.load(found) == 0) {
            throw m.leave(failed);
        }
        if (method) {
            slot(slot, m.load(found));
            slot(slot + 8, object);
        } else {
            slot(slot, 0);
            slot(slot + 8, m.load(found));
            references().drop(object, dealloc);
        }
    }

    @Override
    public void loadGlobal(int slot, long cell, long name, long getItem, Label missing) {
        long globals = slot(FRAME_GLOBALS);
        long builtins = slot(FRAME_BUILTINS);
        m.scratch(RAX, RCX, RDX, RSI, RDI);
        if (m.load(globals + DICT_VERSION) != m.load(cell) || m.load(builtins + DICT_VERSION) != m.load(cell + 8)) {
            long found = item(globals, name, getItem);
            if (found == 0) {
                found = item(builtins, name, getItem);
            }
            m.scratch(RAX);
            if (found == 0) {
                throw m.leave(missing);
            }
            m.store(cell + 16, found);
            m.store(cell, m.load(globals + DICT_VERSION));
            m.store(cell + 8, m.load(builtins + DICT_VERSION));
        }
        retain(slot, m.load(cell + 16));
    }

    private long item(long dictionary, long name, long getItem) {
        m.set(RDI, dictionary);
        m.set(RSI, name);
        return m.call(getItem);
    }

    @Override
    public void sequence(int slot, long tuple, long list, int size, Label other) {
        long object = slot(slot);
        long type = m.load(object + OBJECT_TYPE);
        m.scratch(RAX, RCX, R12, R14);
        if ((type != tuple && type != list) || m.load(object + VAR_SIZE) != size) {
            throw m.leave(other);
        }
        m.set(R14, object);
        m.set(R12, type == tuple ? object + TUPLE_ITEMS : m.load(object + LIST_ITEMS));
    }
}
