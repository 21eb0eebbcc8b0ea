package dev.intaglio.tests.bench;

import dev.intaglio.runtime.Label;

/** Emits nothing: what is left of a measurement is the loop over the trace. */
final class NoStencils implements EmissionStencils {
    private Label last = new Label();
    private long sum;

    @Override
    public void load(Label here, int slot, int local) {
        note(here, slot + local);
    }

    @Override
    public void store(Label here, int slot, int local, long dealloc) {
        note(here, slot + local + dealloc);
    }

    @Override
    public void guard(Label here, int slot, long type, int exit, long deopt) {
        note(here, slot + type + exit + deopt);
    }

    @Override
    public void add(Label here, int slot, long dealloc) {
        note(here, slot + dealloc);
    }

    @Override
    public void constant(Label here, int slot, long object, int exit) {
        note(here, slot + object + exit);
    }

    @Override
    public void compare(Label here, int slot, Label target, long dealloc) {
        note(here, slot + dealloc);
        last = target;
    }

    @Override
    public void loop(Label here, Label target, int exit, long deopt) {
        note(here, exit + deopt);
        last = target;
    }

    @Override
    public void exit(Label here, int slot, int exit) {
        note(here, slot + exit);
    }

    @Override
    public void attribute(Label here, int slot, int local, int version, int exit, long deopt) {
        note(here, slot + local + version + exit + deopt);
    }

    @Override
    public void integer(Label here, int slot, int addend, long table, long function, int exit, long deopt) {
        note(here, slot + addend + table + function + exit + deopt);
    }

    private void note(Label label, long values) {
        last = label;
        sum += values;
    }

    /** What keeps the compiler from dropping the loop. */
    @Override
    public String toString() {
        return last + " " + sum;
    }
}
