package dev.intaglio.cpython.jit;

import static dev.intaglio.stencils.Registers.RAX;

import dev.intaglio.runtime.Label;

/** Brings a state into the interpreter's shape: in passing, or on the way out to plain code. */
final class FastExits {
    private final Emission emission;
    private final Routines routines;
    private final FastStencils stencils;
    private final long[] plain;
    private final Label counted = new Label("counted");

    FastExits(Emission emission, FastStencils stencils, long[] plain) {
        this.emission = emission;
        routines = emission.services.routines();
        this.stencils = stencils;
        this.plain = plain;
    }

    /** The common end of the exits that are counted. */
    Label counted() {
        return counted;
    }

    /** A way out to the plain form of an instruction, from the state as it is now; taking it often has this code renewed. */
    Label exit(Instruction instruction, State now, Reason reason) {
        return way(instruction, now, reason, true);
    }

    /** A way out that is no sign of a wrong belief. */
    Label quietExit(Instruction instruction, State now, Reason reason) {
        return way(instruction, now, reason, false);
    }

    private Label way(Instruction instruction, State now, Reason reason, boolean counts) {
        Label label = new Label();
        State snapshot = now.copy();
        emission.later(() -> {
            stencils.exits.here(label, emission.counter(false, instruction, reason));
            leave(snapshot);
            long target = plain[instruction.start()];
            if (counts) {
                emission.control.exit(Profile.site(instruction, reason), target, counted);
            } else {
                stencils.exits.jumpTo(target);
            }
        });
        return label;
    }

    private void leave(State state) {
        int locals = state.locals.length;
        for (int i = 0; i < locals; i++) {
            if (!state.locals[i].isObject()) {
                stencils.exits.boxSpilled(Emission.local(i), Emission.spill(i), routine(state.locals[i]));
            }
        }
        for (int i = 0; i < state.depth(); i++) {
            Value value = state.stack.get(i);
            int slot = emission.stack(i);
            if (value instanceof Value.OfLocal local) {
                stencils.exits.duplicate(slot, Emission.local(local.index()));
            } else if (value instanceof Value.Constant constant) {
                stencils.exits.constant(slot, constant.object());
            } else if (value instanceof Value.FloatIn in) {
                stencils.exits.boxFloat(slot, in.register(), routines.boxFloat);
            } else if (value instanceof Value.IntIn in) {
                stencils.exits.boxInt(slot, in.register(), routines.boxInt);
            } else if (value instanceof Value.FloatSpilled) {
                stencils.exits.boxSpilled(slot, Emission.spill(locals + i), routines.boxFloat);
            } else if (value instanceof Value.IntSpilled) {
                stencils.exits.boxSpilled(slot, Emission.spill(locals + i), routines.boxInt);
            }
        }
    }

    private long routine(Variable variable) {
        return variable.kind() == Variable.Kind.FLOAT ? routines.boxFloat : routines.boxInt;
    }

    /** Emits the boxing of one unboxed local into its slot. */
    void boxLocal(int index, Variable variable) {
        stencils.floats.boxSpilled(Emission.spill(index), routine(variable));
        emission.objects.store(Emission.local(index), RAX);
    }

    /** Emits an own reference to a stack value into rax; a value in a slot is moved from there. */
    void reference(State state, int index) {
        Value value = state.stack.get(index);
        int spill = Emission.spill(state.locals.length + index);
        if (value instanceof Value.OfLocal local) {
            Variable variable = state.locals[local.index()];
            if (variable.isObject()) {
                emission.objects.load(RAX, Emission.local(local.index()));
                emission.objects.retain(RAX);
            } else {
                stencils.floats.boxSpilled(Emission.spill(local.index()), routine(variable));
            }
        } else if (value instanceof Value.Constant constant) {
            emission.objects.constant(RAX, constant.object());
            emission.objects.retain(RAX);
        } else if (value instanceof Value.FloatIn in) {
            stencils.floats.box(in.register(), routines.boxFloat);
        } else if (value instanceof Value.IntIn in) {
            stencils.ints.box(in.register(), routines.boxInt);
        } else if (value instanceof Value.FloatSpilled) {
            stencils.floats.boxSpilled(spill, routines.boxFloat);
        } else if (value instanceof Value.IntSpilled) {
            stencils.floats.boxSpilled(spill, routines.boxInt);
        } else {
            emission.objects.load(RAX, emission.stack(index));
        }
    }
}
