package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.assembly.ir.LabelReference;
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
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What the variables of a rule are tried with: for each class registers that differ in how they are encoded (low, extended,
 * and those that need a SIB byte or a displacement as a base), numbers around the boundaries, addresses that use the same
 * registers, so that every way in which variables can coincide is among the samples.
 */
final class Samples {
    private static final List<Integer> REGISTERS = List.of(0, 1, 5, 9, 12, 13);
    private static final List<Condition> CONDITIONS = List.of(Condition.E, Condition.AE, Condition.G);

    private final Map<String, List<OperandClass>> operands = new LinkedHashMap<>();
    private final List<String> conditions = new ArrayList<>();
    private int words = 1;

    private Samples(Rule rule) {
        for (LinePattern line : rule.left()) {
            if (line instanceof LinePattern.InstructionPattern instruction) {
                words = Math.max(words, instruction.mnemonic().words().size());
                instruction.mnemonic().condition().ifPresent(conditions::add);
                instruction.operands().forEach(this::collect);
            }
        }
    }

    private void collect(OperandPattern operand) {
        if (operand instanceof OperandPattern.Variable variable
                && !variable.classes().isEmpty()) {
            operands.putIfAbsent(variable.name(), variable.classes());
        }
    }

    /** One choice of a class for each variable, and of a word. */
    record Choice(int word, Map<String, OperandClass> classes) {
        @Override
        public String toString() {
            return classes.entrySet().stream()
                    .map(entry -> "$" + entry.getKey() + ":" + entry.getValue())
                    .reduce((a, b) -> a + ", " + b)
                    .orElse("no variables");
        }
    }

    static List<Choice> choices(Rule rule) {
        Samples samples = new Samples(rule);
        List<Choice> choices = new ArrayList<>();
        for (int word = 0; word < samples.words; word++) {
            samples.choose(word, new LinkedHashMap<>(), new ArrayList<>(samples.operands.keySet()), choices);
        }
        return choices;
    }

    private void choose(int word, Map<String, OperandClass> chosen, List<String> left, List<Choice> choices) {
        if (left.isEmpty()) {
            choices.add(new Choice(word, new LinkedHashMap<>(chosen)));
            return;
        }
        for (OperandClass each : operands.get(left.get(0))) {
            chosen.put(left.get(0), each);
            choose(word, chosen, left.subList(1, left.size()), choices);
        }
        chosen.remove(left.get(0));
    }

    /** Calls back with every combination of sample values for a choice. */
    static void forEach(Rule rule, Choice choice, Consumer<Bindings> use) {
        Samples samples = new Samples(rule);
        samples.bind(
                choice, new LinkedHashMap<>(), new ArrayList<>(choice.classes().keySet()), use);
    }

    private void bind(Choice choice, Map<String, Bindings.Bound> bound, List<String> left, Consumer<Bindings> use) {
        if (!left.isEmpty()) {
            String name = left.get(0);
            values(choice.classes().get(name)).forEach(value -> {
                bound.put(name, value);
                bind(choice, bound, left.subList(1, left.size()), use);
            });
            return;
        }
        for (Condition condition : conditions.isEmpty() ? CONDITIONS.subList(0, 1) : CONDITIONS) {
            Bindings bindings = new Bindings();
            bound.forEach(bindings::bind);
            conditions.forEach(name -> bindings.bind(name, condition));
            bindings.bindWord(choice.word());
            use.accept(bindings);
        }
    }

    private static Stream<Bindings.Bound> values(OperandClass kind) {
        if (kind.registers().isPresent()) {
            return REGISTERS.stream()
                    .map(number -> new Bindings.Bound(register(kind.registers().get(), number), Optional.empty()));
        }
        if (kind.memory().isPresent()) {
            return addresses()
                    .map(address -> new Bindings.Bound(
                            new Operand.Memory(kind.memory(), address, Optional.empty()), kind.memory()));
        }
        if (kind == OperandClass.LABEL) {
            return Stream.of("here", "there", "elsewhere")
                    .map(name -> new Bindings.Bound(
                            new Operand.LabelTarget(
                                    new LabelReference.Given(new Expression.Variable(name, ExpressionType.LABEL)),
                                    Expression.ZERO),
                            Optional.empty()));
        }
        Stream<Expression> known = Stream.of(
                        0L, 1L, -1L, 127L, -128L, 128L, 1000L, (long) Integer.MIN_VALUE, 0xFFFF_FFFFL)
                .filter(kind::holds)
                .map(Expression::of);
        Stream<Expression> computed = kind == OperandClass.IMM
                ? Stream.of(new Expression.Variable("value", ExpressionType.INT))
                : Stream.empty();
        return Stream.concat(known, computed)
                .map(value -> new Bindings.Bound(new Operand.Immediate(value, Optional.empty()), Optional.empty()));
    }

    private static Stream<Address> addresses() {
        RegisterOperand rcx = register(RegisterClass.R64, 1);
        RegisterOperand r13 = register(RegisterClass.R64, 13);
        RegisterOperand rax = register(RegisterClass.R64, 0);
        return Stream.of(
                new Address.Indexed(Optional.of(rcx), Optional.empty(), 1, Expression.ZERO),
                new Address.Indexed(Optional.of(r13), Optional.of(rax), 8, Expression.of(16)),
                new Address.Indexed(Optional.of(rcx), Optional.of(rcx), 1, Expression.of(4096)));
    }

    private static RegisterOperand register(RegisterClass kind, int number) {
        return new RegisterOperand.Fixed(new Register(kind, number));
    }
}
