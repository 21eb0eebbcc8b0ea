package dev.intaglio.cpython.jit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the compiler knows of opcodes is what CPython says of them. */
class OpcodeTest {
    private static final List<Table> TABLE = Table.read();

    @Test
    void everyOpcodeHasCPythonsNumber() {
        Set<String> known = new TreeSet<>();
        for (Table row : TABLE) {
            Opcode opcode = Opcode.of(row.number());
            if (opcode != Opcode.UNKNOWN) {
                assertThat(opcode.name()).isEqualTo(row.name());
                known.add(opcode.name());
            }
        }
        Set<String> all = new TreeSet<>();
        for (Opcode opcode : Opcode.values()) {
            all.add(opcode.name());
        }
        all.remove("UNKNOWN");
        assertThat(known).isEqualTo(all);
    }

    @Test
    void whatTheInterpreterSpecializesIsReadAsItWas() {
        for (Table row : TABLE) {
            for (int number : row.specialized()) {
                Opcode opcode = Opcode.of(row.number());
                assertThat(Opcode.of(number))
                        .as("%d, of %s", number, row.name())
                        .isEqualTo(opcode);
            }
        }
    }

    @Test
    void nothingElseIsKnown() {
        Set<Integer> numbers = new TreeSet<>();
        TABLE.forEach(row -> {
            numbers.add(row.number());
            numbers.addAll(row.specialized());
        });
        assertThat(IntStream.range(0, 256).filter(n -> Opcode.of(n) != Opcode.UNKNOWN))
                .allMatch(numbers::contains);
    }

    @Test
    void inlineCachesHaveCPythonsSizes() {
        for (Table row : TABLE) {
            Opcode opcode = Opcode.of(row.number());
            if (opcode != Opcode.UNKNOWN) {
                assertThat(opcode.caches()).as(row.name()).isEqualTo(row.caches());
            }
        }
    }

    @Test
    void effectsOnTheStackAreCPythons() {
        for (Table row : TABLE) {
            Opcode opcode = Opcode.of(row.number());
            if (opcode == Opcode.UNKNOWN || opcode == Opcode.PRECALL || opcode == Opcode.CALL) {
                continue;
            }
            for (int argument = 0; argument < 6; argument++) {
                if (opcode == Opcode.BUILD_SLICE && argument != 2 && argument != 3) {
                    continue;
                }
                Instruction instruction = new Instruction(0, 0, 1, opcode, row.number(), argument);
                if (opcode.jumpsForward() || opcode.jumpsBackward()) {
                    assertThat(instruction.jumpEffect())
                            .as("%s, where it jumps", instruction)
                            .isEqualTo(row.jumpEffects().get(argument));
                }
                if (!opcode.ends()) {
                    assertThat(instruction.effect())
                            .as("%s", instruction)
                            .isEqualTo(row.effects().get(argument));
                }
            }
        }
    }

    /** CPython counts what a call takes at PRECALL, the compiler at CALL, where the interpreter takes it. */
    @Test
    void aCallTakesItsArgumentsTogetherWithPrecall() {
        Table precall = row("PRECALL");
        Table call = row("CALL");
        for (int argument = 0; argument < 6; argument++) {
            int ours = new Instruction(0, 0, 2, Opcode.PRECALL, 166, argument).effect()
                    + new Instruction(2, 2, 7, Opcode.CALL, 171, argument).effect();
            assertThat(ours)
                    .isEqualTo(precall.effects().get(argument) + call.effects().get(argument));
        }
    }

    private static Table row(String name) {
        return TABLE.stream().filter(row -> row.name().equals(name)).findFirst().orElseThrow();
    }
}
