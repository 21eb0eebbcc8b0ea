package dev.intaglio.peephole;

import com.microsoft.z3.BitVecExpr;
import com.microsoft.z3.BoolExpr;
import com.microsoft.z3.Expr;
import com.microsoft.z3.Model;
import com.microsoft.z3.Solver;
import com.microsoft.z3.Status;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.machine.Flag;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import dev.intaglio.peephole.proof.Logic;
import dev.intaglio.peephole.proof.Side;
import dev.intaglio.peephole.proof.State;
import dev.intaglio.peephole.proof.Unmodelled;
import dev.intaglio.peephole.proof.Ways;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether two sequences of lines do the same from every state: the same ways out, the same faults, the same memory, and on each way
 * the same in what is live. What the left one leaves undefined the right one may define as it likes, not the other way round.
 */
final class Equivalence {
    private static final int MOST_UNDEFINED = 8;

    /** What is looked at behind the lines. */
    interface Live {
        /**
         * The bits of a register that are live.
         *
         * @param last whether control has run off the last line, or branched from there
         */
        long bits(int register, boolean last);

        boolean flag(Flag flag, boolean last);
    }

    /** What came out: proved where both are empty. */
    record Answer(Optional<String> counterexample, Optional<String> open) {
        boolean isProof() {
            return counterexample.isEmpty() && open.isEmpty();
        }
    }

    /** Something that must hold. */
    private record Claim(String about, BoolExpr formula) {}

    private final Logic logic;
    private final Live live;
    private final State.Pages pages;
    private final int timeoutMillis;
    private final Side here;
    private final Side there;
    private final List<Claim> claims = new ArrayList<>();

    /**
     * @param pages what may be there of the memory
     * @param timeoutMillis how long the solver may think
     */
    Equivalence(Logic logic, Live live, State.Pages pages, int timeoutMillis) {
        this.logic = logic;
        this.live = live;
        this.pages = pages;
        this.timeoutMillis = timeoutMillis;
        here = new Side(logic, "left ");
        there = new Side(logic, "right ");
    }

    /** Compares both under assumptions about numbers; where a label may be jumped to from outside (others than numbers), from there, too. */
    Answer compare(List<BoolExpr> assumptions, List<Line> left, List<Line> right) {
        enter(left, right, 0, 0);
        for (int at = 0; at < left.size(); at++) {
            if (left.get(at) instanceof Line.LabelDefinition label && !(label.label() instanceof LabelReference.Next)) {
                Optional<Integer> same = labelled(right, label);
                if (same.isEmpty()) {
                    return new Answer(Optional.of(left + " against " + right + ": no " + label), Optional.empty());
                }
                enter(left, right, at, same.get());
            }
        }
        List<BoolExpr> assumed = new ArrayList<>(assumptions);
        assumed.add(here.encodable());
        claims.add(new Claim("the encoding of each number", there.encodable()));
        return solve(assumed, left, right);
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

    /** What must hold where control enters both at these lines. */
    private void enter(List<Line> left, List<Line> right, int from, int into) {
        State before = new State(logic, pages);
        Map<String, Ways.Exit> wanted = Ways.through(left, from, before, here);
        Map<String, Ways.Exit> got = Ways.through(right, into, before, there);
        Set<String> places = new TreeSet<>(wanted.keySet());
        places.addAll(got.keySet());
        Ways.Exit nowhere = new Ways.Exit(logic.truth(false), before, true);
        for (String place : places) {
            leave(place, wanted.getOrDefault(place, nowhere), got.getOrDefault(place, nowhere));
        }
        // Where a way would have led that ends in a fault is no matter.
        BoolExpr fault = fault(wanted.values());
        BitVecExpr place = logic.symbol("any place", 64);
        BoolExpr sameMemory = logic.same(content(wanted.values(), place, before), content(got.values(), place, before));
        claims.add(new Claim("a fault", logic.same(fault, fault(got.values()))));
        claims.add(new Claim("memory at a fault", logic.any(logic.not(fault), sameMemory)));
    }

    private BoolExpr fault(Collection<Ways.Exit> exits) {
        return logic.any(exits.stream()
                .map(exit -> logic.all(exit.condition(), exit.state().faulted()))
                .toList());
    }

    private BitVecExpr content(Collection<Ways.Exit> exits, BitVecExpr place, State before) {
        BitVecExpr content = before.peek(place, 8);
        for (Ways.Exit exit : exits) {
            content = logic.choose(exit.condition(), exit.state().peek(place, 8), content);
        }
        return content;
    }

    private void leave(String where, Ways.Exit one, Ways.Exit other) {
        State a = one.state();
        State b = other.state();
        BoolExpr arrives = logic.all(one.condition(), logic.not(a.faulted()));
        BoolExpr elsewhere = logic.not(arrives);
        claims.add(new Claim(
                "the way to " + where, logic.same(arrives, logic.all(other.condition(), logic.not(b.faulted())))));
        BitVecExpr place = logic.symbol("any place", 64);
        claims.add(new Claim("memory", logic.any(elsewhere, logic.same(a.peek(place, 8), b.peek(place, 8)))));
        for (int number = 0; number < 16; number++) {
            BitVecExpr mask = logic.number(live.bits(number, one.last()), 64);
            BoolExpr same = logic.same(logic.and(a.register64(number), mask), logic.and(b.register64(number), mask));
            claims.add(new Claim(name(number), logic.any(elsewhere, same)));
        }
        for (Flag flag : Flag.values()) {
            if (live.flag(flag, one.last())) {
                claims.add(new Claim("flag " + flag, logic.any(elsewhere, logic.same(a.flag(flag), b.flag(flag)))));
            }
        }
    }

    private static String name(int number) {
        return new Register(RegisterClass.R64, number).toString();
    }

    private Answer solve(List<BoolExpr> assumed, List<Line> left, List<Line> right) {
        List<Claim> doubtful = new ArrayList<>();
        for (Claim claim : claims) {
            BoolExpr simple = (BoolExpr) claim.formula().simplify();
            if (!simple.isTrue()) {
                doubtful.add(new Claim(claim.about(), simple));
            }
        }
        if (doubtful.isEmpty()) {
            return new Answer(Optional.empty(), Optional.empty());
        }
        Solver solver = logic.z3().mkSolver();
        var parameters = logic.z3().mkParams();
        parameters.add("timeout", timeoutMillis);
        solver.setParameters(parameters);
        solver.add(assumed.toArray(new BoolExpr[0]));
        solver.add(new BoolExpr[] {logic.not(chosen(doubtful))});
        Status status = solver.check();
        if (status == Status.SATISFIABLE) {
            return new Answer(Optional.of(describe(solver.getModel(), doubtful, left, right)), Optional.empty());
        }
        return new Answer(
                Optional.empty(),
                status == Status.UNSATISFIABLE ? Optional.empty() : Optional.of("the solver gives up on " + left));
    }

    /** All claims, for some choice of what the left side leaves undefined. */
    private BoolExpr chosen(List<Claim> doubtful) {
        BoolExpr all = logic.all(doubtful.stream().map(Claim::formula).toList());
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

    private String describe(Model model, List<Claim> doubtful, List<Line> left, List<Line> right) {
        List<String> different = doubtful.stream()
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
