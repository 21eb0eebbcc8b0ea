package dev.intaglio.cpython.jit;

import static dev.intaglio.stencils.Registers.RAX;
import static dev.intaglio.stencils.Registers.RDI;

/** Locals and the order of the stack. */
final class FastLocals {
    private final FastContext context;
    private final Emission emission;

    FastLocals(FastContext context) {
        this.context = context;
        emission = context.emission;
    }

    /** LOAD_FAST: nothing at run time, but for a local that may be unbound. */
    boolean load(int local) {
        Variable variable = context.state.locals[local];
        if (!variable.bound()) {
            context.stencils.sequences.loadBound(Emission.local(local), context.quietExit(Reason.UNBOUND));
            context.state.locals[local] = variable.known(variable.type());
        }
        context.push(new Value.OfLocal(local));
        return true;
    }

    /** STORE_FAST: unboxed numbers stay unboxed; what the local held before is given up. */
    boolean store(int local) {
        int top = context.depth() - 1;
        if (context.value(top) instanceof Value.OfLocal same && same.index() == local) {
            context.pop();
            return true;
        }
        ownBorrowed(local, top);
        Value value = context.value(top);
        if (value instanceof Value.OfLocal other && !context.state.locals[other.index()].isObject()) {
            unbox(top, context.state.locals[other.index()].kind() == Variable.Kind.FLOAT);
        } else if (value instanceof Value.Constant) {
            FastContext.Kind kind = context.kind(top, Profile.Note.LEFT);
            if (kind == FastContext.Kind.FLOAT || kind == FastContext.Kind.INT) {
                unbox(top, kind == FastContext.Kind.FLOAT);
            }
        } else if (value instanceof Value.FloatSpilled) {
            context.floatOf(top, FastContext.Kind.FLOAT);
        } else if (value instanceof Value.IntSpilled) {
            context.intOf(top);
        }
        value = context.value(top);
        if (value instanceof Value.FloatIn in) {
            storeUnboxed(local, Variable.Kind.FLOAT, in.register(), in.register() + FastRegisters.XMM);
        } else if (value instanceof Value.IntIn in) {
            storeUnboxed(local, Variable.Kind.INT, in.register(), in.register());
        } else {
            storeObject(local, top);
        }
        return true;
    }

    /** Values on the stack that are borrowed from the local become values of their own. */
    private void ownBorrowed(int local, int end) {
        for (int i = 0; i < end; i++) {
            if (context.value(i) instanceof Value.OfLocal borrowed && borrowed.index() == local) {
                if (context.state.locals[local].isObject()) {
                    context.toSlot(i);
                } else {
                    unbox(i, context.state.locals[local].kind() == Variable.Kind.FLOAT);
                }
            }
        }
    }

    /** Gives a stack value, a constant or an unboxed local's, a register of its own. */
    private void unbox(int index, boolean isFloat) {
        if (isFloat) {
            int from = context.floatOf(index, FastContext.Kind.FLOAT);
            int to = from;
            if (context.value(index) instanceof Value.OfLocal) {
                to = context.registers.takeFloat();
                context.stencils.floats.move(to, from);
            }
            context.state.stack.set(index, new Value.FloatIn(to));
            context.registers.own(to + FastRegisters.XMM, index);
        } else {
            int from = context.intOf(index);
            int to = from;
            if (context.value(index) instanceof Value.OfLocal) {
                to = context.registers.takeInt();
                emission.objects.move(to, from);
            }
            context.state.stack.set(index, new Value.IntIn(to));
            context.registers.own(to, index);
        }
    }

    private void storeUnboxed(int local, Variable.Kind kind, int number, int register) {
        boolean isFloat = kind == Variable.Kind.FLOAT;
        if (isFloat) {
            context.stencils.floats.spill(Emission.spill(local), number);
        } else {
            context.stencils.ints.spill(Emission.spill(local), number);
        }
        Variable old = context.state.locals[local];
        context.registers.releaseLocal(local);
        context.pop();
        context.state.locals[local] = Variable.unboxed(kind, isFloat ? context.api.floatType : context.api.intType, -1);
        context.registers.copyOf(register, local);
        if (old.isObject()) {
            emission.objects.load(RDI, Emission.local(local));
            emission.objects.clear(Emission.local(local));
            release(old);
        }
    }

    private void storeObject(int local, int top) {
        long type = context.type(top);
        context.exits.reference(context.state, top);
        Variable old = context.state.locals[local];
        if (old.isObject()) {
            emission.objects.load(RDI, Emission.local(local));
        }
        emission.objects.store(Emission.local(local), RAX);
        context.registers.releaseLocal(local);
        context.pop();
        context.state.locals[local] = Variable.object(type);
        if (old.isObject()) {
            release(old);
        }
    }

    /** Gives up the reference in rdi, which the local held. */
    private void release(Variable old) {
        boolean isFloat = old.type() == context.api.floatType;
        long dealloc = isFloat ? context.routines.dropFloat : context.routines.dealloc;
        if (old.bound()) {
            context.stencils.sequences.drop(context.instructionAddress(), dealloc);
        } else {
            context.stencils.sequences.dropIfAny(context.instructionAddress(), dealloc);
        }
    }

    /** COPY. */
    boolean copy(int distance) {
        int index = context.depth() - distance;
        Value value = context.value(index);
        if (value instanceof Value.OfLocal || value instanceof Value.Constant) {
            context.push(value);
        } else if (value instanceof Value.InSlot) {
            emission.objects.duplicate(emission.stack(context.depth()), emission.stack(index));
            context.push(value);
        } else if (value instanceof Value.FloatIn || value instanceof Value.FloatSpilled) {
            int from = context.floatOf(index, FastContext.Kind.FLOAT);
            int to = context.registers.takeFloat();
            context.stencils.floats.move(to, from);
            context.pushFloat(to);
        } else {
            int from = context.intOf(index);
            int to = context.registers.takeInt();
            emission.objects.move(to, from);
            context.pushInt(to);
        }
        return true;
    }

    /** SWAP; only values in slots have to be moved. */
    boolean swap(int distance) {
        int top = context.depth() - 1;
        int other = context.depth() - distance;
        if (top == other) {
            return true;
        }
        reload(top);
        reload(other);
        Value above = context.value(top);
        Value below = context.value(other);
        if (above instanceof Value.InSlot && below instanceof Value.InSlot) {
            emission.objects.swap(emission.stack(top), emission.stack(other));
        } else if (above instanceof Value.InSlot) {
            emission.objects.load(RAX, emission.stack(top));
            emission.objects.store(emission.stack(other), RAX);
        } else if (below instanceof Value.InSlot) {
            emission.objects.load(RAX, emission.stack(other));
            emission.objects.store(emission.stack(top), RAX);
        }
        place(top, below);
        place(other, above);
        return true;
    }

    private void reload(int index) {
        if (context.value(index) instanceof Value.FloatSpilled) {
            context.floatOf(index, FastContext.Kind.FLOAT);
        } else if (context.value(index) instanceof Value.IntSpilled) {
            context.intOf(index);
        }
    }

    private void place(int index, Value value) {
        context.state.stack.set(index, value);
        if (value instanceof Value.FloatIn in) {
            context.registers.own(in.register() + FastRegisters.XMM, index);
        } else if (value instanceof Value.IntIn in) {
            context.registers.own(in.register(), index);
        }
    }
}
