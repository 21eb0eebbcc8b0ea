package dev.intaglio.cpython.jit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StateTest {
    @Test
    void statesAreEqualByWhatIsKnown() {
        State one = State.plain(2, 1);
        State other = State.plain(2, 1);
        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
        other.locals[1] = Variable.object(42);
        assertThat(one).isNotEqualTo(other);
        assertThat(State.plain(2, 2)).isNotEqualTo(one);
    }

    @Test
    void aCopyGoesItsOwnWay() {
        State one = State.plain(2, 1);
        State copy = one.copy();
        copy.stack.add(new Value.OfLocal(0));
        copy.locals[0] = Variable.unboxed(Variable.Kind.FLOAT, 42, 18);
        assertThat(one).isEqualTo(State.plain(2, 1));
        assertThat(copy.depth()).isEqualTo(2);
    }

    @Test
    void registersOfCopiesAreNoKnowledge() {
        State one = State.plain(1, 0);
        one.locals[0] = Variable.unboxed(Variable.Kind.FLOAT, 42, 18);
        State without = one.withoutRegisters();
        assertThat(without.locals[0]).isEqualTo(Variable.unboxed(Variable.Kind.FLOAT, 42, -1));
        assertThat(one.locals[0].register()).isEqualTo(18);
    }

    @Test
    void aTypeThatIsKnownIsThatOfABoundVariable() {
        Variable variable = Variable.UNKNOWN.known(42);
        assertThat(variable.bound()).isTrue();
        assertThat(variable.type()).isEqualTo(42);
        assertThat(Variable.UNKNOWN.bound()).isFalse();
    }
}
