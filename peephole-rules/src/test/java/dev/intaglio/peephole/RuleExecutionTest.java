package dev.intaglio.peephole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.Condition;
import dev.intaglio.assembly.machine.Flag;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Both sides of each rule run on the processor with random operands, from random and boundary states; what is live
 * afterwards must be equal. Seed: {@code -Drules.seed=N}, printed when a run fails.
 */
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
class RuleExecutionTest {
    private static final long SEED = Long.getLong("rules.seed", 20261123);
    private static final int OPERANDS = 24;
    private static final int STATES = 24;
    private static final int BASE = 3;
    private static final int INDEX = 6;
    private static final long[] BOUNDARIES = {
        0,
        1,
        2,
        -1,
        -2,
        0x7F,
        0x80,
        0xFF,
        0x7FFF,
        0x8000,
        0xFFFF,
        0x7FFF_FFFFL,
        0x8000_0000L,
        0xFFFF_FFFFL,
        0x1_0000_0000L,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };
    private static final Processor PROCESSOR = new Processor();

    private final Random random = new Random(SEED);

    static Stream<Rule> rules() {
        return RuleSet.builtIn().rules().stream();
    }

    @AfterAll
    static void close() {
        PROCESSOR.close();
    }

    @Test
    void theProcessorRunsWhatItIsGiven() {
        PROCESSOR.load(Stencils.parse("| add rax, rcx\n| mov [rbx + 16], rax\n| jz =>target"));
        long[] registers = new long[16];
        registers[0] = -5;
        registers[1] = 5;
        registers[BASE] = PROCESSOR.memoryAddress();
        byte[] memory = new byte[Processor.MEMORY];
        memory[16] = 1;
        Processor.State after = PROCESSOR.run(new Processor.State(registers, 0, memory, 0));
        assertThat(after.registers()[0]).isZero();
        assertThat(after.flags()).as("c, p, a and z").isEqualTo(0x55);
        assertThat(after.memory()[16]).isZero();
        assertThat(after.exit()).isEqualTo(1);
    }

    /** A test that cannot fail proves nothing: rules that look right and are wrong are found by running them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "  | mov $a:r32, $b:r32\n  | mov $b, $a\n=>\n  | mov $a, $b\n",
                "  | add $d:r64, 1\n=>\n  | inc $d\n",
                "  | mov $d:r64, $a:r64\n  | add $d, $b:r64\n=>\n  | lea $d, [$a + $b]\nwhere dead oszapc\n",
                "  | cmp $m:m64, 0\n=>\n  | test $m, 1\n",
                "  | j$cc $skip:label\n  | jmp  $far:label\n  |$skip:\n=>\n  | j$cc $far\n  |$skip:\n",
                "  | mov $d:r64, 0\n=>\n  | xor $d.32, $d.32\n"
            })
    void wrongRulesAreFound(String text) {
        Rule rule = RuleReader.read("wrong", "# Wrong.\nrule wrong\n" + text).get(0);
        assertThatThrownBy(() -> bothSidesDoTheSame(rule)).hasMessageContaining("different");
    }

    @ParameterizedTest
    @MethodSource("rules")
    void bothSidesDoTheSame(Rule rule) {
        TableFacts facts = new TableFacts();
        int ran = 0;
        for (Samples.Choice choice : Samples.choices(rule)) {
            for (int round = 0; round < OPERANDS; round++) {
                Bindings bindings = bindings(rule, choice);
                List<Line> left =
                        Template.lines(rule.left(), bindings, Span.at(0)).orElseThrow();
                Optional<List<Line>> right = Template.lines(rule.right(), bindings, Span.at(0));
                GuardCheck known =
                        new GuardCheck(bindings, RuleOptions.ALL, () -> Liveness.of(List.of(), Contract.DEFAULT), 0);
                boolean differ = rule.guards().stream()
                        .filter(Guard.Differ.class::isInstance)
                        .allMatch(known::holds);
                if (differ && haveForms(left, facts) && haveForms(right.orElseThrow(), facts)) {
                    compare(rule, bindings, left, right.get(), facts);
                    ran++;
                }
            }
        }
        assertThat(ran).as("samples of %s", rule.name()).isPositive();
    }

    private void compare(Rule rule, Bindings bindings, List<Line> left, List<Line> right, TableFacts facts) {
        long flags = Processor.FLAG_BITS & ~ignored(rule, left, facts);
        Set<Integer> dead = new TreeSet<>(Set.of(4));
        for (Guard guard : rule.guards()) {
            if (guard instanceof Guard.DeadRegister register) {
                dead.add(((RegisterOperand.Fixed) bindings.operand(register.variable())
                                .orElseThrow()
                                .operand())
                        .register()
                        .number());
            }
        }
        Processor.State[] before = new Processor.State[STATES];
        Processor.State[] wanted = new Processor.State[STATES];
        PROCESSOR.load(left);
        for (int at = 0; at < STATES; at++) {
            before[at] = state();
            wanted[at] = PROCESSOR.run(before[at]);
        }
        PROCESSOR.load(right);
        for (int at = 0; at < STATES; at++) {
            Processor.State got = PROCESSOR.run(before[at]);
            for (int number = 0; number < 16; number++) {
                if (!dead.contains(number)
                        && got.registers()[number] != wanted[at].registers()[number]) {
                    complain(rule, left, right, "register " + number, before[at]);
                }
            }
            if (((got.flags() ^ wanted[at].flags()) & flags) != 0) {
                complain(rule, left, right, "flags " + Long.toHexString(got.flags() ^ wanted[at].flags()), before[at]);
            }
            if (!Arrays.equals(got.memory(), wanted[at].memory()) || got.exit() != wanted[at].exit()) {
                complain(rule, left, right, "memory or way out", before[at]);
            }
        }
    }

    private static void complain(Rule rule, List<Line> left, List<Line> right, String what, Processor.State before) {
        fail(
                "seed %d: rule %s, %s against %s: different %s, from registers %s and flags %x",
                SEED, rule.name(), left, right, what, Arrays.toString(before.registers()), before.flags());
    }

    /** The flags that the rule asks to be dead, and those that the left side leaves undefined. */
    static long ignored(Rule rule, List<Line> left, TableFacts facts) {
        long bits = 0;
        MachineState after = Outcomes.of(left, 0, facts).get(0).state();
        for (Flag flag : Flag.values()) {
            boolean dead = rule.guards().stream()
                    .anyMatch(guard -> guard instanceof Guard.DeadFlags flags
                            && flags.flags().contains(flag));
            bits |= dead || after.flag(flag).equals(Term.UNDEFINED) ? bit(flag) : 0;
        }
        return bits;
    }

    private static long bit(Flag flag) {
        return 1L << bitNumber(flag);
    }

    /** The place of a flag in RFLAGS (SDM Vol. 1, 3.4.3). */
    static int bitNumber(Flag flag) {
        return switch (flag) {
            case C -> 0;
            case P -> 2;
            case A -> 4;
            case Z -> 6;
            case S -> 7;
            case D -> 10;
            case O -> 11;
        };
    }

    static boolean haveForms(List<Line> lines, TableFacts facts) {
        return lines.stream()
                .allMatch(line -> !(line instanceof Instruction instruction)
                        || facts.of(instruction).isPresent());
    }

    private Processor.State state() {
        long[] registers = new long[16];
        for (int number = 0; number < 16; number++) {
            registers[number] =
                    random.nextBoolean() ? BOUNDARIES[random.nextInt(BOUNDARIES.length)] : random.nextLong();
        }
        registers[BASE] = PROCESSOR.memoryAddress();
        registers[INDEX] = random.nextInt(16);
        byte[] memory = new byte[Processor.MEMORY];
        int kind = random.nextInt(3);
        for (int at = 0; at < memory.length; at++) {
            memory[at] = (byte) (kind == 0 ? 0 : kind == 1 ? -1 : random.nextInt());
        }
        return new Processor.State(registers, random.nextLong(), memory, 0);
    }

    private Bindings bindings(Rule rule, Samples.Choice choice) {
        Bindings bindings = new Bindings();
        bindings.bindWord(choice.word());
        choice.classes().forEach((name, kind) -> bindings.bind(name, new Bindings.Bound(operand(kind), kind.memory())));
        for (LinePattern line : rule.left()) {
            if (line instanceof LinePattern.InstructionPattern instruction) {
                instruction
                        .mnemonic()
                        .condition()
                        .ifPresent(name -> bindings.bind(name, Condition.values()[random.nextInt(16)]));
            }
        }
        return bindings;
    }

    private Operand operand(OperandClass kind) {
        if (kind.registers().isPresent()) {
            int number = random.nextInt(15);
            return register(kind.registers().get(), number < 4 ? number : number + 1);
        }
        if (kind.memory().isPresent()) {
            Address address = new Address.Indexed(
                    Optional.of(register(RegisterClass.R64, BASE)),
                    random.nextBoolean() ? Optional.of(register(RegisterClass.R64, INDEX)) : Optional.empty(),
                    1,
                    Expression.of(random.nextInt(128)));
            return new Operand.Memory(kind.memory(), address, Optional.empty());
        }
        if (kind == OperandClass.LABEL) {
            String name = random.nextBoolean() ? "here" : "there";
            Expression label = new Expression.Variable(name, ExpressionType.LABEL);
            return new Operand.LabelTarget(new LabelReference.Given(label), Expression.ZERO);
        }
        long value = kind == OperandClass.IMM8S || kind == OperandClass.IMM7U
                ? (byte) random.nextInt() & (kind == OperandClass.IMM7U ? 0x7F : -1)
                : random.nextBoolean() ? random.nextInt() : (byte) random.nextInt();
        return new Operand.Immediate(
                Expression.of(kind == OperandClass.IMM32U ? value & 0xFFFF_FFFFL : value), Optional.empty());
    }

    private static RegisterOperand register(RegisterClass kind, int number) {
        return new RegisterOperand.Fixed(new Register(kind, number));
    }
}
