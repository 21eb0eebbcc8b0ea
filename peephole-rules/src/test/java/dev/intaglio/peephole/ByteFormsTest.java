package dev.intaglio.peephole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.Condition;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rules with operands of 8 bits, on the processor over all values of two such operands (or of one and of the immediate), with all
 * flags clear, carry alone, all but carry, and all set. A loop around the window runs through them and makes one sum of all results.
 */
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
class ByteFormsTest {
    private static final List<Integer> REGISTERS = List.of(0, 2, 9);
    private static final Set<OperandClass> BYTES =
            Set.of(OperandClass.R8, OperandClass.M8, OperandClass.IMM7U, OperandClass.IMM8S);
    private static final Processor PROCESSOR = new Processor();

    private static final Loop TWO_VALUES = Loop.of(true);
    private static final Loop ONE_VALUE = Loop.of(false);

    /** What stands around a window. r12 counts: its low byte is one value, the next perhaps another, two bits above are flags. */
    private record Loop(List<Line> begin, List<Line> end) {
        static Loop of(boolean twoValues) {
            String begin = """
                    | mov r12d, 0
                    | mov r13d, 0
                    | mov r14, 0x9E3779B97F4A7C15
                    |9:
                    | mov rax, 0xA5A5A5A5A5A5A5A5
                    | mov al, r12b
                    | mov ecx, r12d
                    | shr ecx, 8
                    | mov rdx, 0x5AC3F00F12345678
                    | mov dl, %s
                    | lea r9, [rax + rdx*2]
                    | mov [rbx + 16], rdx
                    | shr ecx, %d
                    | mov r8d, ecx
                    | and r8d, 1
                    | shr ecx, 1
                    | neg ecx
                    | and ecx, 0x8D4
                    | or ecx, r8d
                    | push rcx
                    | popfq
                    """.formatted(twoValues ? "cl" : "al", twoValues ? 8 : 0);
            String end = """
                    |9:
                    | imul r13, r14
                    | add r13, [rbx + 16]
                    | inc r12d
                    | cmp r12d, %d
                    | jb <9
                    """.formatted(twoValues ? 1 << 18 : 1 << 10);
            // The label is that of the beginning.
            return new Loop(Stencils.parse(begin), Stencils.parse(end).subList(1, 6));
        }
    }

    static Stream<Rule> rules() {
        return RuleSet.builtIn().rules().stream()
                .filter(rule -> Samples.choices(rule).stream().anyMatch(ByteFormsTest::hasByte));
    }

    private static boolean hasByte(Samples.Choice choice) {
        return choice.classes().values().stream().anyMatch(BYTES::contains)
                && !choice.classes().containsValue(OperandClass.LABEL);
    }

    @AfterAll
    static void close() {
        PROCESSOR.close();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void allValuesComeToTheSame(Rule rule) {
        TableFacts facts = new TableFacts();
        int ran = 0;
        for (Samples.Choice choice : Samples.choices(rule)) {
            if (hasByte(choice)) {
                List<Bindings> all = new ArrayList<>();
                bind(rule, choice, new ArrayList<>(choice.classes().keySet()), new LinkedHashMap<>(), all);
                for (Bindings bindings : all) {
                    ran += compare(rule, bindings, facts) ? 1 : 0;
                }
            }
        }
        assertThat(ran).as("windows of %s", rule.name()).isPositive();
    }

    @Test
    void aWrongRuleIsFound() {
        Rule rule = RuleReader.read(
                        "wrong",
                        "# Wrong for 128.\nrule wrong\n  | neg $d:r8\n  | test $d, $d\n=>\n  | neg $d\nwhere dead ca\n")
                .get(0);
        assertThatThrownBy(() -> allValuesComeToTheSame(rule)).hasMessageContaining("neg al");
    }

    private boolean compare(Rule rule, Bindings bindings, TableFacts facts) {
        List<Line> left = Template.lines(rule.left(), bindings, Span.at(0)).orElseThrow();
        List<Line> right = Template.lines(rule.right(), bindings, Span.at(0)).orElseThrow();
        GuardCheck known = new GuardCheck(bindings, RuleOptions.ALL, () -> Liveness.of(List.of(), Contract.DEFAULT), 0);
        boolean meant = rule.guards().stream()
                .filter(guard -> guard instanceof Guard.Differ || guard instanceof Guard.Fits)
                .allMatch(known::holds);
        if (!meant || !RuleExecutionTest.haveForms(left, facts) || !RuleExecutionTest.haveForms(right, facts)) {
            return false;
        }
        long flags = Processor.FLAG_BITS & ~RuleExecutionTest.ignored(rule, left, facts);
        List<Line> end = new ArrayList<>(Stencils.parse("| pushfq\n| pop rcx\n| and ecx, " + flags));
        List<Integer> dead = dead(rule, bindings);
        for (int number : REGISTERS) {
            if (!dead.contains(number)) {
                end.addAll(Stencils.parse("| imul r13, r14\n| add r13, " + new Register(RegisterClass.R64, number)));
            }
        }
        end.addAll(Stencils.parse("| imul r13, r14\n| add r13, rcx"));
        Loop loop = hasNumber(bindings, rule) ? ONE_VALUE : TWO_VALUES;
        end.addAll(loop.end());
        if (sum(loop, left, end) != sum(loop, right, end)) {
            fail("rule %s: %s and %s differ for some values of 8 bits", rule.name(), left, right);
        }
        return true;
    }

    private static List<Integer> dead(Rule rule, Bindings bindings) {
        return rule.guards().stream()
                .filter(Guard.DeadRegister.class::isInstance)
                .map(guard -> (RegisterOperand.Fixed) bindings.operand(((Guard.DeadRegister) guard).variable())
                        .orElseThrow()
                        .operand())
                .map(fixed -> fixed.register().number())
                .toList();
    }

    /** Whether an operand is a number: there are as many windows as values of it. */
    private static boolean hasNumber(Bindings bindings, Rule rule) {
        return RuleNames.bound(rule.left()).names().stream()
                .flatMap(name -> bindings.operand(name).stream())
                .anyMatch(bound -> bound.operand() instanceof Operand.Immediate);
    }

    private static long sum(Loop loop, List<Line> window, List<Line> end) {
        List<Line> lines = new ArrayList<>(loop.begin());
        lines.addAll(window);
        lines.addAll(end);
        PROCESSOR.load(lines);
        long[] registers = new long[16];
        registers[3] = PROCESSOR.memoryAddress();
        return PROCESSOR.run(new Processor.State(registers, 0, new byte[Processor.MEMORY], 0))
                .registers()[13];
    }

    private static void bind(
            Rule rule, Samples.Choice choice, List<String> left, Map<String, Operand> bound, List<Bindings> all) {
        if (left.isEmpty()) {
            Bindings bindings = new Bindings();
            bindings.bindWord(choice.word());
            bound.forEach((name, operand) -> bindings.bind(
                    name, new Bindings.Bound(operand, choice.classes().get(name).memory())));
            for (LinePattern line : rule.left()) {
                if (line instanceof LinePattern.InstructionPattern instruction) {
                    instruction.mnemonic().condition().ifPresent(name -> bindings.bind(name, Condition.LE));
                }
            }
            all.add(bindings);
            return;
        }
        String name = left.get(0);
        for (Operand operand : operands(choice.classes().get(name), choice)) {
            bound.put(name, operand);
            bind(rule, choice, left.subList(1, left.size()), bound, all);
        }
    }

    private static List<Operand> operands(OperandClass kind, Samples.Choice choice) {
        if (kind.registers().isPresent()) {
            return REGISTERS.subList(0, (int) Math.min(3, registers(choice))).stream()
                    .<Operand>map(number -> new RegisterOperand.Fixed(
                            new Register(kind.registers().get(), number)))
                    .toList();
        }
        if (kind.memory().isPresent()) {
            RegisterOperand base = new RegisterOperand.Fixed(new Register(RegisterClass.R64, 3));
            Address address = new Address.Indexed(Optional.of(base), Optional.empty(), 1, Expression.of(16));
            return List.of(new Operand.Memory(kind.memory(), address, Optional.empty()));
        }
        List<Operand> numbers = new ArrayList<>();
        for (long value = -128; value < 128; value++) {
            if (kind.holds(value)) {
                numbers.add(new Operand.Immediate(Expression.of(value), Optional.empty()));
            }
        }
        return numbers;
    }

    private static long registers(Samples.Choice choice) {
        return choice.classes().values().stream()
                .filter(kind -> kind.registers().isPresent())
                .count();
    }
}
