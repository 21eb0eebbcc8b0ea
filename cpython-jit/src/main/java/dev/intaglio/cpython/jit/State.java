package dev.intaglio.cpython.jit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What fast code knows at one point: where each stack value and local is. Registers are xmm n as n + 16, rN as N. */
final class State {
    final List<Value> stack;
    final Variable[] locals;

    private State(List<Value> stack, Variable[] locals) {
        this.stack = stack;
        this.locals = locals;
    }

    /** Everything where the interpreter has it, and nothing known. */
    static State plain(int locals, int depth) {
        List<Value> stack = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            stack.add(new Value.InSlot(Value.UNKNOWN));
        }
        Variable[] variables = new Variable[locals];
        Arrays.fill(variables, Variable.UNKNOWN);
        return new State(stack, variables);
    }

    State copy() {
        return new State(new ArrayList<>(stack), locals.clone());
    }

    /** The same without the registers that hold copies of locals; no stack value may be in a register. */
    State withoutRegisters() {
        State copy = copy();
        for (int i = 0; i < copy.locals.length; i++) {
            copy.locals[i] = copy.locals[i].in(-1);
        }
        return copy;
    }

    int depth() {
        return stack.size();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof State state && stack.equals(state.stack) && Arrays.equals(locals, state.locals);
    }

    @Override
    public int hashCode() {
        return 31 * stack.hashCode() + Arrays.hashCode(locals);
    }
}
