package dev.intaglio.peephole;

import com.microsoft.z3.BitVecExpr;
import com.microsoft.z3.BoolExpr;
import com.microsoft.z3.Expr;
import com.microsoft.z3.Model;
import com.microsoft.z3.Solver;
import com.microsoft.z3.Status;
import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.Flag;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import dev.intaglio.peephole.proof.Logic;
import dev.intaglio.peephole.proof.Side;
import dev.intaglio.peephole.proof.State;
import dev.intaglio.peephole.proof.Unmodelled;
import dev.intaglio.peephole.proof.Ways;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    private static final int MOST_UNDEFINED = 8;

    /**
     * What came out.
     *
     * @param shapes how many shapes of operands were looked at
     * @param proved for how many of them the proof is complete
     * @param open why it is not for the others
     * @param counterexample a shape, with values for which the sides differ
     */
    record Verdict(int shapes, int proved, Set<String> open, Optional<String> counterexample) {}

    /** Something that must hold. */
    private record Claim(String about, BoolExpr formula) {}

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
        Side here = new Side(logic, "left ");
        Side there = new Side(logic, "right ");
        List<Claim> claims = new ArrayList<>(entered(bindings, left, right, 0, 0, here, there));
        for (int at = 0; at < left.size(); at++) {
            if (left.get(at) instanceof Line.LabelDefinition label) {
                int same = labelled(right, label)
                        .orElseThrow(() -> new AssertionError(rule.name() + " loses the label " + label));
                claims.addAll(entered(bindings, left, right, at, same, here, there));
            }
        }
        List<BoolExpr> assumed = new ArrayList<>(List.of(here.encodable()));
        choice.classes().forEach((name, kind) -> {
            if (kind.isImmediate()) {
                assumed.add(within(kind, logic.symbol("value $" + name, 64)));
            }
        });
        for (Guard guard : rule.guards()) {
            if (guard instanceof Guard.Fits fits) {
                assumed.add(within(fits.numbers(), logic.symbol("value $" + fits.variable(), 64)));
            } else if (!isUnderstood(guard)) {
                throw new Unmodelled("guard " + guard);
            }
        }
        claims.add(new Claim("the encoding of each number", there.encodable()));
        solve(assumed, claims, here, left, right);
    }

    /** Guards about the processor and about aims are no matter of meaning. */
    private static boolean isUnderstood(Guard guard) {
        return guard instanceof Guard.DeadFlags
                || guard instanceof Guard.DeadRegister
                || guard instanceof Guard.Differ
                || guard instanceof Guard.Cpu
                || guard instanceof Guard.Prefer;
    }

    private static Optional<Integer> labelled(List<Line> lines, Line.LabelDefinition label) {
        for (int at = 0; at < lines.size(); at++) {
            if (lines.get(at) instanceof Line.LabelDefinition other
                    && other.label().equals(label.label())) {
                return Optional.of(at);
            }
        }
        return Optional.empty();
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

    /** What must hold where control enters the sides at these lines. */
    private List<Claim> entered(
            Bindings bindings, List<Line> left, List<Line> right, int from, int into, Side here, Side there) {
        State before = new State(logic);
        Map<String, Ways.Exit> wanted = Ways.through(left, from, before, here);
        Map<String, Ways.Exit> got = Ways.through(right, into, before, there);
        List<Claim> claims = new ArrayList<>();
        Set<String> places = new TreeSet<>(wanted.keySet());
        places.addAll(got.keySet());
        Ways.Exit nowhere = new Ways.Exit(logic.truth(false), before, true);
        for (String place : places) {
            Ways.Exit one = wanted.getOrDefault(place, nowhere);
            Ways.Exit other = got.getOrDefault(place, nowhere);
            claims.add(new Claim("the way to " + place, logic.same(one.condition(), other.condition())));
            left(bindings, one, other, claims);
        }
        return claims;
    }

    private void left(Bindings bindings, Ways.Exit one, Ways.Exit other, List<Claim> claims) {
        State a = one.state();
        State b = other.state();
        BoolExpr elsewhere = logic.not(one.condition());
        BoolExpr noMatter = logic.any(elsewhere, a.faulted());
        claims.add(new Claim("a fault", logic.any(elsewhere, logic.same(a.faulted(), b.faulted()))));
        Expr<?> place = logic.symbol("any place", 64);
        BoolExpr sameMemory = logic.same(a.peek((BitVecExpr) place, 8), b.peek((BitVecExpr) place, 8));
        claims.add(new Claim("memory", logic.any(elsewhere, sameMemory)));
        for (int number = 0; number < 16; number++) {
            if (!(one.last() && isDead(bindings, number))) {
                BoolExpr same = logic.same(a.register64(number), b.register64(number));
                claims.add(new Claim(name(number), logic.any(noMatter, same)));
            }
        }
        for (Flag flag : Flag.values()) {
            if (!(one.last() && isDead(flag))) {
                claims.add(new Claim("flag " + flag, logic.any(noMatter, logic.same(a.flag(flag), b.flag(flag)))));
            }
        }
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

    private static String name(int number) {
        return new Register(RegisterClass.R64, number).toString();
    }

    private void solve(List<BoolExpr> assumed, List<Claim> claims, Side here, List<Line> left, List<Line> right) {
        List<Claim> doubtful = new ArrayList<>();
        for (Claim claim : claims) {
            BoolExpr simple = (BoolExpr) claim.formula().simplify();
            if (!simple.isTrue()) {
                doubtful.add(new Claim(claim.about(), simple));
            }
        }
        if (doubtful.isEmpty()) {
            proved++;
            return;
        }
        BoolExpr all = chosen(doubtful, here);
        Solver solver = logic.z3().mkSolver();
        var parameters = logic.z3().mkParams();
        parameters.add("timeout", TIMEOUT_MILLIS);
        solver.setParameters(parameters);
        solver.add(assumed.toArray(new BoolExpr[0]));
        solver.add(new BoolExpr[] {logic.not(all)});
        Status status = solver.check();
        if (status == Status.UNSATISFIABLE) {
            proved++;
        } else if (status == Status.SATISFIABLE) {
            counterexample = Optional.of(describe(solver.getModel(), doubtful, left, right));
        } else {
            open.add("the solver gives up on " + left);
        }
    }

    /** All claims, for some choice of what the left side leaves undefined. */
    private BoolExpr chosen(List<Claim> claims, Side here) {
        BoolExpr all = logic.all(claims.stream().map(Claim::formula).toList());
        int used = 0;
        for (BoolExpr undefined : here.undefinedFlags()) {
            BoolExpr yes = (BoolExpr) all.substitute(undefined, logic.truth(true));
            if (!yes.equals(all)) {
                if (++used > MOST_UNDEFINED) {
                    throw new Unmodelled("so many undefined flags");
                }
                all = logic.any(yes, (BoolExpr) all.substitute(undefined, logic.truth(false)));
            }
        }
        return all;
    }

    private String describe(Model model, List<Claim> claims, List<Line> left, List<Line> right) {
        List<String> different = claims.stream()
                .filter(claim -> model.eval(claim.formula(), true).isFalse())
                .map(Claim::about)
                .toList();
        StringBuilder text = new StringBuilder(left + " against " + right + ": different " + different + " with");
        for (int number = 0; number < 16; number++) {
            Expr<?> value = model.eval(logic.symbol(name(number), 64), false);
            if (value.isNumeral()) {
                text.append(' ').append(name(number)).append('=').append(hexadecimal(value));
            }
        }
        for (Flag flag : Flag.values()) {
            Expr<?> value = model.eval(logic.fact("flag " + flag), false);
            if (value.isTrue() || value.isFalse()) {
                text.append(' ').append(flag).append('=').append(value.isTrue() ? 1 : 0);
            }
        }
        return text.toString();
    }

    private static String hexadecimal(Expr<?> value) {
        return "0x" + Long.toHexString(Long.parseUnsignedLong(value.toString()));
    }
}
