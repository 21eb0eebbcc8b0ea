package dev.intaglio.peephole;

import com.microsoft.z3.BitVecExpr;
import com.microsoft.z3.BoolExpr;
import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.Flag;
import dev.intaglio.peephole.proof.Logic;
import dev.intaglio.peephole.proof.State;
import dev.intaglio.peephole.proof.Unmodelled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Proves by Z3 that both sides of a rule do the same, for each shape of its operands and for all values of registers, flags,
 * memory and numbers: the same ways out, the same faults, the same memory, and on each way the same registers and flags but those
 * that a guard says are dead. What the left side leaves undefined the right side may define as it likes, not the other way round.
 */
final class RuleProof implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 20_000;

    /**
     * What came out.
     *
     * @param shapes how many shapes of operands were looked at
     * @param proved for how many of them the proof is complete
     * @param open why it is not for the others
     * @param counterexample a shape, with values for which the sides differ
     */
    record Verdict(int shapes, int proved, Set<String> open, Optional<String> counterexample) {}

    private final Logic logic = new Logic();
    private final TableFacts facts = new TableFacts();
    private final Rule rule;
    private int shapes;
    private int proved;
    private final Set<String> open = new TreeSet<>();
    private Optional<String> counterexample = Optional.empty();

    private RuleProof(Rule rule) {
        this.rule = rule;
    }

    static Verdict of(Rule rule) {
        try (RuleProof proof = new RuleProof(rule)) {
            for (Samples.Choice choice : Samples.choices(rule)) {
                Instances.forEach(rule, choice, bindings -> {
                    if (proof.counterexample.isEmpty()) {
                        proof.shape(choice, bindings);
                    }
                });
            }
            return new Verdict(proof.shapes, proof.proved, proof.open, proof.counterexample);
        }
    }

    @Override
    public void close() {
        logic.close();
    }

    private void shape(Samples.Choice choice, Bindings bindings) {
        Optional<List<Line>> left = Template.lines(rule.left(), bindings, Span.at(0));
        Optional<List<Line>> right = Template.lines(rule.right(), bindings, Span.at(0));
        GuardCheck known = new GuardCheck(bindings, RuleOptions.ALL, () -> Liveness.of(List.of(), Contract.DEFAULT), 0);
        boolean differ =
                rule.guards().stream().filter(Guard.Differ.class::isInstance).allMatch(known::holds);
        if (left.isEmpty() || right.isEmpty() || !differ || !haveForms(left.get()) || !haveForms(right.get())) {
            return;
        }
        shapes++;
        try {
            prove(choice, bindings, left.get(), right.get());
        } catch (Unmodelled unknown) {
            open.add("no semantics of " + unknown.getMessage());
        }
    }

    private boolean haveForms(List<Line> lines) {
        return lines.stream()
                .allMatch(line -> !(line instanceof Instruction instruction)
                        || facts.of(instruction).isPresent());
    }

    private void prove(Samples.Choice choice, Bindings bindings, List<Line> left, List<Line> right) {
        List<BoolExpr> assumed = new ArrayList<>();
        choice.classes().forEach((name, kind) -> {
            if (kind.isImmediate()) {
                assumed.add(within(kind, value(name)));
            }
        });
        for (Guard guard : rule.guards()) {
            if (guard instanceof Guard.Fits fits) {
                assumed.add(within(fits.numbers(), value(fits.variable())));
            } else if (!isUnderstood(guard)) {
                throw new Unmodelled("guard " + guard);
            }
        }
        Equivalence.Answer answer =
                new Equivalence(logic, live(bindings), State.Pages.ANY, TIMEOUT_MILLIS).compare(assumed, left, right);
        proved += answer.isProof() ? 1 : 0;
        counterexample = answer.counterexample();
        answer.open().ifPresent(open::add);
    }

    private BitVecExpr value(String variable) {
        return logic.symbol("value $" + variable, 64);
    }

    /** A guard's dead is dead behind the last line. */
    private Equivalence.Live live(Bindings bindings) {
        return new Equivalence.Live() {
            @Override
            public long bits(int register, boolean last) {
                return last && isDead(bindings, register) ? 0 : -1;
            }

            @Override
            public boolean flag(Flag flag, boolean last) {
                return !(last && isDead(flag));
            }
        };
    }

    /** Guards about the processor and about aims are no matter of meaning. */
    private static boolean isUnderstood(Guard guard) {
        return guard instanceof Guard.DeadFlags
                || guard instanceof Guard.DeadRegister
                || guard instanceof Guard.Differ
                || guard instanceof Guard.Cpu
                || guard instanceof Guard.Prefer;
    }

    private BoolExpr within(OperandClass kind, BitVecExpr value) {
        return switch (kind) {
            case IMM7U -> logic.within(value, 0, 127);
            case IMM8S -> logic.within(value, -128, 127);
            case IMM32S -> logic.within(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case IMM32U -> logic.within(value, 0, 0xFFFF_FFFFL);
            case IMM -> logic.truth(true);
            default -> throw new Unmodelled("numbers of class " + kind);
        };
    }

    private boolean isDead(Bindings bindings, int number) {
        return rule.guards().stream()
                .anyMatch(guard -> guard instanceof Guard.DeadRegister dead
                        && bindings.operand(dead.variable()).orElseThrow().operand()
                                instanceof RegisterOperand.Fixed fixed
                        && fixed.register().number() == number);
    }

    private boolean isDead(Flag flag) {
        return rule.guards().stream()
                .anyMatch(guard ->
                        guard instanceof Guard.DeadFlags dead && dead.flags().contains(flag));
    }
}
