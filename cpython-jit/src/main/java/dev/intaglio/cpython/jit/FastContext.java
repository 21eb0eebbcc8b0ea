package dev.intaglio.cpython.jit;

import static dev.intaglio.stencils.Registers.RAX;

import dev.intaglio.runtime.Label;
import dev.intaglio.stencils.Layout;
import dev.intaglio.stencils.Registers;

/** What all of the fast compiler works on: the state at this point, the registers, and the micro-ops that move values. */
final class FastContext {
    /** What an operand is, as far as it decides how an instruction is compiled. */
    enum Kind {
        FLOAT,
        INT,
        OTHER,
        /** The instruction has never run. */
        NEVER
    }

    final Emission emission;
    final CodeObject code;
    final Api api;
    final Profile profile;
    final FastStencils stencils;
    final Routines routines;
    final FastExits exits;
    final FastRegisters registers;
    State state;
    Instruction instruction;

    FastContext(Emission emission, Profile profile, FastStencils stencils, FastExits exits) {
        this.emission = emission;
        this.profile = profile;
        this.stencils = stencils;
        routines = emission.services.routines();
        this.exits = exits;
        code = emission.code;
        api = emission.api;
        registers = new FastRegisters(stencils.floats, stencils.ints, code.locals());
    }

    void use(State newState) {
        state = newState;
        registers.use(newState);
    }

    int depth() {
        return state.depth();
    }

    Value value(int index) {
        return state.stack.get(index);
    }

    void push(Value value) {
        state.stack.add(value);
    }

    void pushFloat(int register) {
        registers.own(register + FastRegisters.XMM, depth());
        push(new Value.FloatIn(register));
    }

    void pushInt(int register) {
        registers.own(register, depth());
        push(new Value.IntIn(register));
    }

    /** Forgets the top; what it held has been moved or released. */
    Value pop() {
        Value value = state.stack.remove(depth() - 1);
        registers.release(value);
        return value;
    }

    /** A way out to plain code, from here, that says that a belief was wrong. */
    Label exit(Reason reason) {
        return exits.exit(instruction, state, reason);
    }

    Label quietExit(Reason reason) {
        return exits.quietExit(instruction, state, reason);
    }

    long instructionAddress() {
        return code.instruction(instruction.unit());
    }

    /** What an operand is: by what is known of it, else by what plain code noted. */
    Kind kind(int index, Profile.Note note) {
        if (profile.refused(instruction)) {
            return Kind.OTHER;
        }
        Value value = value(index);
        if (value instanceof Value.FloatIn || value instanceof Value.FloatSpilled) {
            return Kind.FLOAT;
        }
        if (value instanceof Value.IntIn || value instanceof Value.IntSpilled) {
            return Kind.INT;
        }
        long type = type(index);
        if (type == Value.UNKNOWN) {
            type = profile.type(instruction, note);
        }
        if (type == Profile.NEVER) {
            return Kind.NEVER;
        }
        if (type == api.floatType) {
            return Kind.FLOAT;
        }
        if (type != api.intType || value instanceof Value.Constant constant && !isSmall(constant.object())) {
            return Kind.OTHER;
        }
        return Kind.INT;
    }

    /** The exact type of a stack value where it is known. */
    long type(int index) {
        Value value = value(index);
        if (value instanceof Value.OfLocal local) {
            return state.locals[local.index()].type();
        }
        if (value instanceof Value.Constant constant) {
            return Native.word(constant.object() + Layout.OBJECT_TYPE);
        }
        if (value instanceof Value.InSlot inSlot) {
            return inSlot.type();
        }
        return value instanceof Value.FloatIn || value instanceof Value.FloatSpilled ? api.floatType : api.intType;
    }

    /** Notes the exact type of a stack value, after a guard. */
    void known(int index, long type) {
        if (value(index) instanceof Value.OfLocal local) {
            state.locals[local.index()] = state.locals[local.index()].known(type);
        } else if (value(index) instanceof Value.InSlot) {
            state.stack.set(index, new Value.InSlot(type));
        }
    }

    /** Whether an int object has at most two digits. */
    boolean isSmall(long object) {
        return Native.word(object + Layout.OBJECT_TYPE) == api.intType
                && Math.abs(Native.word(object + Layout.VAR_SIZE)) <= 2;
    }

    /** The value of an int object of at most two digits. */
    static long small(long object) {
        long size = Native.word(object + Layout.VAR_SIZE);
        if (size == 0) {
            return 0;
        }
        long value = Native.integer(object + Layout.LONG_DIGIT);
        if (Math.abs(size) == 2) {
            value |= (long) Native.integer(object + Layout.LONG_DIGIT + 4) << Layout.LONG_DIGIT_BITS;
        }
        return size < 0 ? -value : value;
    }

    /** Whether a stack value is an int known now that fits an instruction's immediate. */
    boolean isImmediate(int index) {
        return value(index) instanceof Value.Constant constant
                && isSmall(constant.object())
                && small(constant.object()) == (int) small(constant.object());
    }

    long immediate(int index) {
        return small(((Value.Constant) value(index)).object());
    }

    /** Loads the object of a value that is one into rax, borrowed. */
    void loadObject(int index) {
        Value value = value(index);
        if (value instanceof Value.OfLocal local) {
            emission.objects.load(RAX, Emission.local(local.index()));
        } else if (value instanceof Value.Constant constant) {
            emission.objects.constant(RAX, constant.object());
        } else {
            emission.objects.load(RAX, emission.stack(index));
        }
    }

    /** Whether a value is an object and not an unboxed number. */
    boolean isObject(int index) {
        Value value = value(index);
        if (value instanceof Value.OfLocal local) {
            return state.locals[local.index()].isObject();
        }
        return value instanceof Value.Constant || value instanceof Value.InSlot;
    }

    /** The stack value as an unboxed float: its locked xmm register. An int is converted. */
    int floatOf(int index, Kind kind) {
        if (kind == Kind.INT) {
            int to = registers.takeFloat();
            if (value(index) instanceof Value.Constant constant) {
                stencils.floats.constant(to, Double.doubleToRawLongBits(small(constant.object())));
            } else {
                stencils.floats.ofInt(to, intOf(index));
            }
            return to;
        }
        Value value = value(index);
        if (value instanceof Value.FloatIn in) {
            registers.lock(in.register() + FastRegisters.XMM);
            return in.register();
        }
        if (value instanceof Value.OfLocal local) {
            return floatOfLocal(index, local.index());
        }
        if (value instanceof Value.FloatSpilled) {
            int to = registers.takeFloat();
            stencils.floats.reload(to, Emission.spill(code.locals() + index));
            become(index, new Value.FloatIn(to), to + FastRegisters.XMM);
            return to;
        }
        if (value instanceof Value.Constant constant) {
            int to = registers.takeFloat();
            stencils.floats.constant(to, Native.word(constant.object() + Layout.FLOAT_VALUE));
            return to;
        }
        loadObject(index);
        guard(index, api.floatType);
        int to = registers.takeFloat();
        loadObject(index);
        stencils.floats.unbox(to);
        stencils.floats.drop(routines.dropFloat);
        become(index, new Value.FloatIn(to), to + FastRegisters.XMM);
        return to;
    }

    private int floatOfLocal(int index, int local) {
        Variable variable = state.locals[local];
        if (variable.register() >= 0) {
            registers.lock(variable.register());
            return variable.register() - FastRegisters.XMM;
        }
        int to;
        if (variable.spilled()) {
            to = registers.takeFloat();
            stencils.floats.reload(to, Emission.spill(local));
        } else {
            loadObject(index);
            guard(index, api.floatType);
            to = registers.takeFloat();
            stencils.floats.unbox(to);
        }
        registers.copyOf(to + FastRegisters.XMM, local);
        return to;
    }

    /** The stack value as an unboxed int: its locked general register. */
    int intOf(int index) {
        Value value = value(index);
        if (value instanceof Value.IntIn in) {
            registers.lock(in.register());
            return in.register();
        }
        if (value instanceof Value.OfLocal local) {
            return intOfLocal(index, local.index());
        }
        if (value instanceof Value.IntSpilled) {
            int to = registers.takeInt();
            stencils.ints.reload(to, Emission.spill(code.locals() + index));
            become(index, new Value.IntIn(to), to);
            return to;
        }
        if (value instanceof Value.Constant constant) {
            int to = registers.takeInt();
            emission.objects.constant(to, small(constant.object()));
            return to;
        }
        loadObject(index);
        guard(index, api.intType);
        int to = registers.takeInt();
        loadObject(index);
        stencils.ints.unbox(to, exit(Reason.LARGE));
        stencils.ints.drop(routines.dealloc);
        become(index, new Value.IntIn(to), to);
        return to;
    }

    private int intOfLocal(int index, int local) {
        Variable variable = state.locals[local];
        if (variable.register() >= 0) {
            registers.lock(variable.register());
            return variable.register();
        }
        int to = registers.takeInt();
        if (variable.spilled()) {
            stencils.ints.reload(to, Emission.spill(local));
        } else {
            loadObject(index);
            guard(index, api.intType);
            stencils.ints.unbox(to, exit(Reason.LARGE));
        }
        registers.copyOf(to, local);
        return to;
    }

    private void become(int index, Value value, int register) {
        state.stack.set(index, value);
        registers.own(register, index);
    }

    /** Leaves where the object in rax, a stack value's, is not of this exact type; none is needed where that is known. */
    void guard(int index, long type) {
        if (type(index) != type) {
            stencils.sequences.guard(type, exit(Reason.TYPE));
            known(index, type);
        }
    }

    /** Moves the value to where calls leave it alone: all registers are then free. */
    void spillAll() {
        registers.spillAll();
        registers.unlock();
    }

    /** Gives every stack value its object in its slot, and every local too: the interpreter's shape. */
    void flush() {
        for (int i = 0; i < state.locals.length; i++) {
            Variable variable = state.locals[i];
            if (!variable.isObject()) {
                exits.boxLocal(i, variable);
                state.locals[i] = new Variable(Variable.Kind.OBJECT, variable.type(), true, true, variable.register());
            }
        }
        for (int i = 0; i < depth(); i++) {
            toSlot(i);
        }
        for (int i = 0; i < state.locals.length; i++) {
            registers.releaseLocal(i);
        }
        registers.unlock();
    }

    /** Gives one stack value its object in its slot. */
    void toSlot(int index) {
        Value value = value(index);
        if (!(value instanceof Value.InSlot)) {
            long type = type(index);
            exits.reference(state, index);
            emission.objects.store(emission.stack(index), RAX);
            registers.release(value);
            state.stack.set(index, new Value.InSlot(type));
        }
    }

    /** Releases what the top holds, if it is its own, and forgets it. */
    void drop() {
        if (value(depth() - 1) instanceof Value.InSlot) {
            emission.objects.load(Registers.RDI, emission.stack(depth() - 1));
            stencils.sequences.drop(instructionAddress(), routines.dealloc);
        }
        pop();
    }
}
