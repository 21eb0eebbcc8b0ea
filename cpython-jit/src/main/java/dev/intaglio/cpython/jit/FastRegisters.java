package dev.intaglio.cpython.jit;

import dev.intaglio.stencils.Floats;
import dev.intaglio.stencils.Ints;
import dev.intaglio.stencils.Registers;

/**
 * The registers of fast code between stencils. A register belongs to one stack value, or holds a copy of a local, which can
 * be forgotten; where none is left the deepest stack value is spilled.
 */
final class FastRegisters {
    /** xmm registers are numbered from here on. */
    static final int XMM = 16;

    private static final int FREE = -1;
    /** The owner of a copy of local i is LOCAL - i. */
    private static final int LOCAL = -2;

    private final Floats floats;
    private final Ints ints;
    private final int locals;
    private final int[] owner = new int[2 * XMM];
    private final boolean[] locked = new boolean[2 * XMM];
    private State state;

    FastRegisters(Floats floats, Ints ints, int locals) {
        this.floats = floats;
        this.ints = ints;
        this.locals = locals;
    }

    /** Takes over the registers that a state names. */
    void use(State newState) {
        state = newState;
        java.util.Arrays.fill(owner, FREE);
        unlock();
        for (int i = 0; i < state.depth(); i++) {
            int register = registerOf(state.stack.get(i));
            if (register >= 0) {
                owner[register] = i;
            }
        }
        for (int i = 0; i < state.locals.length; i++) {
            int register = state.locals[i].register();
            if (register >= 0) {
                owner[register] = LOCAL - i;
            }
        }
    }

    private static int registerOf(Value value) {
        if (value instanceof Value.FloatIn in) {
            return in.register() + XMM;
        }
        return value instanceof Value.IntIn in ? in.register() : -1;
    }

    /** Lets all registers be taken again at the end of an instruction. */
    void unlock() {
        java.util.Arrays.fill(locked, false);
    }

    void lock(int register) {
        locked[register] = true;
    }

    /** An xmm register, 0 to 15, that nobody needs; it is locked. */
    int takeFloat() {
        return take(Registers.floats(), XMM) - XMM;
    }

    /** A general register that nobody needs; it is locked. */
    int takeInt() {
        return take(Registers.ints(), 0);
    }

    private int take(int[] pool, int base) {
        for (int number : pool) {
            if (owner[number + base] == FREE && !locked[number + base]) {
                locked[number + base] = true;
                return number + base;
            }
        }
        for (int number : pool) {
            int register = number + base;
            if (owner[register] <= LOCAL && !locked[register]) {
                forget(register);
                locked[register] = true;
                return register;
            }
        }
        for (int i = 0; i < state.depth(); i++) {
            int register = registerOf(state.stack.get(i));
            if (register >= base && register < base + XMM && !locked[register]) {
                spill(i);
                locked[register] = true;
                return register;
            }
        }
        throw new IllegalStateException("no register is left");
    }

    private void forget(int register) {
        int local = LOCAL - owner[register];
        state.locals[local] = state.locals[local].in(-1);
        owner[register] = FREE;
    }

    /** Gives a register to a stack value. */
    void own(int register, int index) {
        owner[register] = index;
    }

    /** Notes that a register holds a copy of a local. */
    void copyOf(int register, int local) {
        owner[register] = LOCAL - local;
        state.locals[local] = state.locals[local].in(register);
    }

    /** A stack value goes away; its register is free, though locked while it was. */
    void release(Value value) {
        int register = registerOf(value);
        if (register >= 0) {
            owner[register] = FREE;
        }
    }

    /** A local goes another way; the register of its copy is free. */
    void releaseLocal(int local) {
        int register = state.locals[local].register();
        if (register >= 0) {
            owner[register] = FREE;
            state.locals[local] = state.locals[local].in(-1);
        }
    }

    /** Puts a stack value that is in a register into its spill slot. */
    void spill(int index) {
        Value value = state.stack.get(index);
        if (value instanceof Value.FloatIn in) {
            floats.spill(Emission.spill(locals + index), in.register());
            state.stack.set(index, new Value.FloatSpilled());
            owner[in.register() + XMM] = FREE;
        } else if (value instanceof Value.IntIn in) {
            ints.spill(Emission.spill(locals + index), in.register());
            state.stack.set(index, new Value.IntSpilled());
            owner[in.register()] = FREE;
        }
    }

    /** Empties all registers: for a call, or where ways meet. */
    void spillAll() {
        for (int i = 0; i < state.depth(); i++) {
            spill(i);
        }
        for (int i = 0; i < state.locals.length; i++) {
            releaseLocal(i);
        }
    }
}
