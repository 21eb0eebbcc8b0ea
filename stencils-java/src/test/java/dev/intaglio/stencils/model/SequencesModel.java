package dev.intaglio.stencils.model;

import static dev.intaglio.stencils.model.Machine.R13;
import static dev.intaglio.stencils.model.Machine.RAX;
import static dev.intaglio.stencils.model.Machine.RCX;
import static dev.intaglio.stencils.model.Machine.RDI;
import static dev.intaglio.stencils.model.Machine.RDX;
import static dev.intaglio.stencils.model.Machine.RSI;

import dev.intaglio.runtime.Label;
import dev.intaglio.stencils.Sequences;

/** {@link Sequences} in plain Java. */
record SequencesModel(Machine m) implements Sequences {
    @Override
    public void guard(long type, Label other) {
        m.scratch(RCX);
        if (m.load(m.get(RAX) + OBJECT_TYPE) != type) {
            throw m.leave(other);
        }
    }

    @Override
    public void loadBound(int slot, Label unbound) {
        m.set(RAX, m.load(m.get(R13) + slot));
        if (m.get(RAX) == 0) {
            throw m.leave(unbound);
        }
    }

    @Override
    public void item(boolean list, int index, Label outside) {
        m.set(RAX, m.load(place(list, index, outside)));
    }

    @Override
    public void itemAt(boolean list, int index, Label outside) {
        m.set(RAX, m.load(place(list, m.get(index), outside)));
    }

    @Override
    public void place(int index, Label outside) {
        m.set(RDI, place(true, index, outside));
    }

    @Override
    public void placeAt(int index, Label outside) {
        m.set(RDI, place(true, m.get(index), outside));
    }

    private long place(boolean list, long index, Label outside) {
        long object = m.get(RAX);
        if (index < 0 || index >= m.load(object + VAR_SIZE)) {
            throw m.leave(outside);
        }
        return items(list, object) + 8 * index;
    }

    private long items(boolean list, long object) {
        return list ? m.load(object + LIST_ITEMS) : object + TUPLE_ITEMS;
    }

    @Override
    public void replace(long instruction, long dealloc) {
        new Stores(m).replace(m.get(RDI), m.get(RAX), instruction, dealloc);
    }

    @Override
    public void replaceFloat(int value, long type, long boxFloat, long instruction, long dealloc) {
        new Stores(m).replaceFloat(m.get(RDI), value, type, boxFloat, instruction, dealloc);
    }

    @Override
    public void drop(long instruction, long dealloc) {
        new Stores(m).drop(m.get(RDI), instruction, dealloc);
    }

    @Override
    public void dropIfAny(long instruction, long dealloc) {
        if (m.get(RDI) != 0) {
            drop(instruction, dealloc);
        }
    }

    @Override
    public void unpack(boolean list, int size, Label other) {
        if (m.load(m.get(RAX) + VAR_SIZE) != size) {
            throw m.leave(other);
        }
        m.set(RSI, items(list, m.get(RAX)));
    }

    @Override
    public void nextOfRange(int to, Label end) {
        long range = m.get(RAX);
        long index = m.load(range + RANGE_INDEX);
        m.scratch(RCX);
        if (index >= m.load(range + RANGE_LENGTH)) {
            throw m.leave(end);
        }
        m.store(range + RANGE_INDEX, index + 1);
        m.set(to, m.load(range + RANGE_START) + index * m.load(range + RANGE_STEP));
    }

    @Override
    public void nextOfSequence(boolean list, Label end) {
        long iterator = m.get(RAX);
        long sequence = m.load(iterator + ITERATOR_SEQUENCE);
        long index = m.load(iterator + ITERATOR_INDEX);
        m.scratch(RCX, RDX);
        if (sequence == 0 || index >= m.load(sequence + VAR_SIZE)) {
            throw m.leave(end);
        }
        m.store(iterator + ITERATOR_INDEX, index + 1);
        long item = m.load(items(list, sequence) + 8 * index);
        new References(m).retain(item);
        m.set(RAX, item);
    }

    @Override
    public void exhaust() {
        m.set(RDI, m.load(m.get(RAX) + ITERATOR_SEQUENCE));
        m.store(m.get(RAX) + ITERATOR_SEQUENCE, 0);
    }

    @Override
    public void unlessSeen(Label seen) {
        if (m.load(m.get(R13) + FRAME_OBJECT) != 0) {
            throw m.leave(seen);
        }
    }
}
