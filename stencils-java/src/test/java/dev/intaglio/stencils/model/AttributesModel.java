package dev.intaglio.stencils.model;

import static dev.intaglio.stencils.model.Machine.R13;
import static dev.intaglio.stencils.model.Machine.RAX;
import static dev.intaglio.stencils.model.Machine.RCX;
import static dev.intaglio.stencils.model.Machine.RDI;
import static dev.intaglio.stencils.model.Machine.RDX;
import static dev.intaglio.stencils.model.Machine.RSI;

import dev.intaglio.runtime.Label;
import dev.intaglio.stencils.Attributes;

/** {@link Attributes} in plain Java. */
record AttributesModel(Machine m) implements Attributes {
    @Override
    public void guard(int version, Label other) {
        m.scratch(RCX);
        if (m.load4(m.load(m.get(RAX) + OBJECT_TYPE) + TYPE_VERSION) != version) {
            throw m.leave(other);
        }
    }

    @Override
    public void values(Label dictionary) {
        m.set(RCX, m.load(m.get(RAX) + OBJECT_VALUES));
        if (m.get(RCX) == 0) {
            throw m.leave(dictionary);
        }
    }

    @Override
    public void sameKeys(long keys, int used, Label more) {
        m.scratch(RCX);
        if (m.load(keys + KEYS_USED) != used) {
            throw m.leave(more);
        }
    }

    @Override
    public void loadFromValues(int place, Label unbound) {
        load(m.get(RCX) + place, unbound);
    }

    @Override
    public void loadFromEither(int place, long keys, long name, long hint, Label unbound) {
        long object = m.get(RAX);
        long values = m.load(object + OBJECT_VALUES);
        long dictionary = m.load(object + OBJECT_DICTIONARY);
        m.scratch(RAX, RCX, RDX, RSI, RDI);
        if (values == 0) {
            if (dictionary == 0) {
                throw m.leave(unbound);
            }
            values = m.load(dictionary + DICT_VALUES);
            long itsKeys = m.load(dictionary + DICT_KEYS);
            if (values == 0) {
                found(lookUp(itsKeys, name, hint, unbound), unbound);
                return;
            }
            if (itsKeys != keys) {
                throw m.leave(unbound);
            }
        }
        found(m.load(values + place), unbound);
    }

    private void found(long object, Label unbound) {
        if (object == 0) {
            throw m.leave(unbound);
        }
        m.set(RAX, object);
    }

    /** The value of the entry whose key is this very string, or 0. */
    private long lookUp(long keys, long name, long hint, Label unbound) {
        if (m.load1(keys + KEYS_KIND) != KEYS_UNICODE) {
            throw m.leave(unbound);
        }
        long entries = keys + KEYS_INDICES + (1L << m.load1(keys + KEYS_LOG2_INDEX_BYTES));
        for (long i = 0; i < m.load(keys + KEYS_USED); i++) {
            if (m.load(entries + i * KEYS_ENTRY_BYTES) == name) {
                m.store(hint, i);
                return m.load(entries + i * KEYS_ENTRY_BYTES + 8);
            }
        }
        return 0;
    }

    @Override
    public void loadFromSlot(int offset, Label unbound) {
        load(m.get(RAX) + offset, unbound);
    }

    private void load(long place, Label unbound) {
        m.set(RAX, m.load(place));
        if (m.get(RAX) == 0) {
            throw m.leave(unbound);
        }
    }

    @Override
    public void place(boolean values, int displacement) {
        m.set(RDI, m.get(values ? RCX : RAX) + displacement);
    }

    @Override
    public void store(int index, long instruction, long dealloc) {
        long place = m.get(RDI);
        if (m.load(place) == 0) {
            first(place, m.get(RAX), index);
        } else {
            new Stores(m).replace(place, m.get(RAX), instruction, dealloc);
        }
    }

    @Override
    public void storeFloat(int value, int index, long type, long boxFloat, long instruction, long dealloc) {
        long place = m.get(RDI);
        if (m.load(place) == 0) {
            m.set(RAX, m.bits(value));
            first(place, m.call(boxFloat), index);
        } else {
            new Stores(m).replaceFloat(place, value, type, boxFloat, instruction, dealloc);
        }
    }

    /** In front of the values are, backwards: how many there are places, how many are taken, and which was first. */
    private void first(long place, long object, int index) {
        m.store(place, object);
        if (index >= 0) {
            long values = place - 8L * index;
            int size = m.load1(values + VALUES_SIZE) + 1;
            m.store1(values + VALUES_SIZE, size);
            m.store1(values + VALUES_SIZE - size, index);
        }
        m.scratch(RAX, RCX, RDX, RDI);
    }

    @Override
    public void method(int slot, long method, boolean borrowed) {
        References references = new References(m);
        if (borrowed) {
            references.retain(m.get(RAX));
        }
        m.store(m.get(R13) + slot + 8, m.get(RAX));
        references.retain(method);
        m.store(m.get(R13) + slot, method);
        m.scratch(RAX);
    }
}
