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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The shapes that a rule can have: for one choice of classes, all ways in which registers, also those within addresses, can be
 * the same or different; numbers stand for themselves ({@code value $c}). Since the semantics treats all registers alike but for
 * those that an instruction names or implies, one representative of each pattern stands for all. By {@code -Drules.shapes=all}
 * addresses take all scales and registers of 32 bits, too.
 */
final class Instances {
    private static final boolean ALL = "all".equals(System.getProperty("rules.shapes"));
    private static final List<Integer> FRESH = List.of(8, 9, 10, 11, 12, 13, 14, 15, 6, 7, 5);
    private static final List<String> LABELS = List.of("here", "there", "elsewhere", "yonder");
    /** Registers that instructions use without naming them: rax, rcx, rdx; rsp only by those of the stack. */
    private static final Set<String> ACCUMULATORS =
            Set.of("mul", "mulx", "cbw", "cwde", "cdqe", "cwd", "cdq", "cqo", "div", "idiv");

    private final Samples.Choice choice;
    private final List<String> conditions;
    private final Consumer<Bindings> use;
    private final Map<String, Operand> bound = new LinkedHashMap<>();

    private Instances(Samples.Choice choice, List<String> conditions, Consumer<Bindings> use) {
        this.choice = choice;
        this.conditions = conditions;
        this.use = use;
    }

    static void forEach(Rule rule, Samples.Choice choice, Consumer<Bindings> use) {
        List<String> conditions = instructions(rule)
                .flatMap(line -> line.mnemonic().condition().stream())
                .distinct()
                .toList();
        Instances instances = new Instances(choice, conditions, use);
        instances.bind(new ArrayList<>(choice.classes().keySet()), named(rule), List.of());
    }

    private static Stream<LinePattern.InstructionPattern> instructions(Rule rule) {
        return Stream.concat(rule.left().stream(), rule.right().stream())
                .filter(LinePattern.InstructionPattern.class::isInstance)
                .map(LinePattern.InstructionPattern.class::cast);
    }

    /** The numbers of the registers that a variable may coincide with before any variable is bound. */
    private static List<Integer> named(Rule rule) {
        Set<Integer> numbers = new LinkedHashSet<>();
        instructions(rule).forEach(line -> {
            for (OperandPattern operand : line.operands()) {
                if (operand instanceof OperandPattern.Named named) {
                    numbers.add(named.register().number());
                }
            }
            boolean wholeProduct =
                    line.mnemonic().words().contains("imul") && line.operands().size() == 1;
            if (wholeProduct || line.mnemonic().words().stream().anyMatch(ACCUMULATORS::contains)) {
                numbers.addAll(List.of(0, 2));
            }
            if (line.mnemonic().words().stream().anyMatch(word -> word.startsWith("push") || word.startsWith("pop"))) {
                numbers.add(4);
            }
        });
        return List.copyOf(numbers);
    }

    private void bind(List<String> left, List<Integer> registers, List<String> labels) {
        if (left.isEmpty()) {
            finish();
            return;
        }
        String name = left.get(0);
        List<String> rest = left.subList(1, left.size());
        OperandClass kind = choice.classes().get(name);
        if (kind.registers().isPresent()) {
            for (int number : candidates(registers)) {
                bound.put(name, register(kind.registers().get(), number));
                bind(rest, with(registers, number), labels);
            }
        } else if (kind.memory().isPresent()) {
            bindMemory(name, kind, rest, registers, labels);
        } else if (kind == OperandClass.LABEL) {
            for (String label : LABELS.subList(0, labels.size() + 1)) {
                Expression given = new Expression.Variable(label, ExpressionType.LABEL);
                bound.put(name, new Operand.LabelTarget(new LabelReference.Given(given), Expression.ZERO));
                bind(rest, registers, labels.contains(label) ? labels : with(labels, label));
            }
        } else {
            bound.put(name, new Operand.Immediate(symbol("$" + name), Optional.empty()));
            bind(rest, registers, labels);
        }
    }

    private void bindMemory(
            String name, OperandClass kind, List<String> rest, List<Integer> registers, List<String> labels) {
        Expression displacement = symbol("displacement of $" + name);
        for (RegisterClass size : ALL ? List.of(RegisterClass.R64, RegisterClass.R32) : List.of(RegisterClass.R64)) {
            for (int base : candidates(registers)) {
                List<Integer> now = with(registers, base);
                Optional<RegisterOperand> first = Optional.of(register(size, base));
                bound.put(name, memory(kind, new Address.Indexed(first, Optional.empty(), 1, displacement)));
                bind(rest, now, labels);
                for (int index : candidates(now)) {
                    for (int scale : ALL ? List.of(1, 2, 4, 8) : List.of(4)) {
                        if (index != 4) {
                            Optional<RegisterOperand> second = Optional.of(register(size, index));
                            bound.put(name, memory(kind, new Address.Indexed(first, second, scale, displacement)));
                            bind(rest, with(now, index), labels);
                        }
                    }
                }
            }
        }
    }

    private void finish() {
        for (Condition condition : conditions.isEmpty() ? List.of(Condition.E) : List.of(Condition.values())) {
            Bindings bindings = new Bindings();
            bindings.bindWord(choice.word());
            conditions.forEach(name -> bindings.bind(name, condition));
            bound.forEach((name, operand) -> bindings.bind(
                    name, new Bindings.Bound(operand, choice.classes().get(name).memory())));
            use.accept(bindings);
        }
    }

    /** The registers in use, and one that is not. */
    private static List<Integer> candidates(List<Integer> used) {
        int fresh =
                FRESH.stream().filter(each -> !used.contains(each)).findFirst().orElseThrow();
        return with(used, fresh);
    }

    private static <T> List<T> with(List<T> list, T element) {
        return list.contains(element)
                ? list
                : Stream.concat(list.stream(), Stream.of(element)).toList();
    }

    private static Expression symbol(String name) {
        return new Expression.Variable(name, ExpressionType.LONG);
    }

    private static Operand memory(OperandClass kind, Address address) {
        return new Operand.Memory(kind.memory(), address, Optional.empty());
    }

    private static RegisterOperand register(RegisterClass kind, int number) {
        return new RegisterOperand.Fixed(new Register(kind, number));
    }
}
