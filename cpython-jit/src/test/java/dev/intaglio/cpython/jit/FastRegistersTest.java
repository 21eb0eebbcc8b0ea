package dev.intaglio.cpython.jit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.intaglio.stencils.Floats;
import dev.intaglio.stencils.Ints;
import dev.intaglio.stencils.Registers;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FastRegistersTest {
    private static final int LOCALS = 3;

    private final List<String> emitted = new ArrayList<>();
    private final FastRegisters registers =
            new FastRegisters(noting(Floats.class, "floats"), noting(Ints.class, "ints"), LOCALS);
    private final State state = State.plain(LOCALS, 0);

    private <T> T noting(Class<T> stencils, String name) {
        return stencils.cast(Proxy.newProxyInstance(
                stencils.getClassLoader(), new Class<?>[] {stencils}, (self, method, arguments) -> {
                    emitted.add(name + "." + method.getName() + Arrays.toString(arguments));
                    return null;
                }));
    }

    @BeforeEach
    void begin() {
        registers.use(state);
    }

    private int pushInt() {
        int register = registers.takeInt();
        registers.own(register, state.depth());
        state.stack.add(new Value.IntIn(register));
        registers.unlock();
        return register;
    }

    @Test
    void registersAreTakenOnceEach() {
        List<Integer> taken = new ArrayList<>();
        for (int i = 0; i < Registers.ints().length; i++) {
            taken.add(pushInt());
        }
        assertThat(taken).doesNotHaveDuplicates();
        assertThat(emitted).isEmpty();
    }

    @Test
    void theDeepestValueIsSpilledWhereNoneIsLeft() {
        int first = pushInt();
        for (int i = 1; i < Registers.ints().length; i++) {
            pushInt();
        }
        assertThat(registers.takeInt()).isEqualTo(first);
        assertThat(emitted).containsExactly("ints.spill[" + Emission.spill(LOCALS) + ", " + first + "]");
        assertThat(state.stack.get(0)).isEqualTo(new Value.IntSpilled());
        assertThat(state.stack.get(1)).isInstanceOf(Value.IntIn.class);
    }

    @Test
    void copiesOfLocalsAreForgottenBeforeAnythingIsSpilled() {
        int copy = registers.takeInt();
        registers.copyOf(copy, 1);
        registers.unlock();
        for (int i = 1; i < Registers.ints().length; i++) {
            pushInt();
        }
        assertThat(state.locals[1].register()).isEqualTo(copy);
        assertThat(registers.takeInt()).isEqualTo(copy);
        assertThat(state.locals[1].register()).isEqualTo(-1);
        assertThat(emitted).isEmpty();
    }

    @Test
    void lockedRegistersAreNotGivenAway() {
        for (int register : Registers.floats()) {
            registers.lock(register + FastRegisters.XMM);
        }
        assertThatThrownBy(registers::takeFloat).isInstanceOf(IllegalStateException.class);
        registers.unlock();
        assertThat(registers.takeFloat()).isEqualTo(Registers.floats()[0]);
    }

    @Test
    void nothingStaysInRegistersOverACall() {
        pushInt();
        int xmm = registers.takeFloat();
        registers.own(xmm + FastRegisters.XMM, state.depth());
        state.stack.add(new Value.FloatIn(xmm));
        int copy = registers.takeInt();
        registers.copyOf(copy, 2);
        registers.spillAll();
        assertThat(state.stack).containsExactly(new Value.IntSpilled(), new Value.FloatSpilled());
        assertThat(state.locals[2].register()).isEqualTo(-1);
        assertThat(emitted).hasSize(2);
        assertThat(emitted.get(1)).isEqualTo("floats.spill[" + Emission.spill(LOCALS + 1) + ", " + xmm + "]");
    }

    @Test
    void aStateNamesTheRegistersThatAreTaken() {
        State given = State.plain(LOCALS, 0);
        int[] pool = Registers.ints();
        given.stack.add(new Value.IntIn(pool[0]));
        given.locals[0] = Variable.unboxed(Variable.Kind.INT, 42, pool[1]);
        registers.use(given);
        assertThat(registers.takeInt()).isEqualTo(pool[2]);
    }
}
