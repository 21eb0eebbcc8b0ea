package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.FlagSet;
import dev.intaglio.assembly.machine.Register;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** What the samples of one rule showed: the numbers in comments are those of {@link RuleChecker}. */
final class Findings {
    private final Facts.Source facts;
    private final BiConsumer<Integer, String> complain;
    private final Rule rule;
    private final FlagSet deadFlags;
    private final Set<String> deadVariables = new TreeSet<>();
    private FlagSet neededFlags = FlagSet.NONE;
    private final Set<String> neededVariables = new TreeSet<>();
    private final Set<Guard> neededGuards = new LinkedHashSet<>();
    private final List<String> whenDistinct = new ArrayList<>();
    private final List<String> whenSame = new ArrayList<>();
    private final Set<String> costs = new LinkedHashSet<>();

    Findings(Rule rule, Facts.Source facts, BiConsumer<Integer, String> complain) {
        this.rule = rule;
        this.facts = facts;
        this.complain = complain;
        FlagSet flags = FlagSet.NONE;
        for (Guard guard : rule.guards()) {
            if (guard instanceof Guard.DeadFlags dead) {
                flags = flags.plus(dead.flags());
            } else if (guard instanceof Guard.DeadRegister dead) {
                deadVariables.add(dead.variable());
            }
        }
        this.deadFlags = flags;
    }

    Rule rule() {
        return rule;
    }

    // (3) to (6)
    void meaning(List<Line> left, List<Line> right, Bindings bindings, List<Guard> unmet) {
        Differences differences;
        try {
            differences = Differences.between(left, right, facts);
        } catch (Meaning.Unknown unknown) {
            whenDistinct.add(unknown.getMessage());
            return;
        }
        Set<String> registers = new TreeSet<>(differences.registers());
        Set<String> dead = new TreeSet<>();
        for (String variable : deadVariables) {
            deadRegister(bindings, variable).filter(registers::remove).ifPresent(register -> dead.add(variable));
        }
        FlagSet flags = differences.flags().minus(deadFlags);
        Differences remaining = new Differences(
                flags, registers, differences.memory(), differences.control(), differences.insideBranch());
        if (!unmet.isEmpty()) {
            if (!remaining.none()) {
                neededGuards.addAll(unmet);
            }
            return;
        }
        neededFlags = neededFlags.plus(differences.flags());
        neededVariables.addAll(dead);
        if (differences.insideBranch() && !(deadFlags.isEmpty() && deadVariables.isEmpty())) {
            whenDistinct.add("a branch leaves before the last line, where 'dead' says nothing");
        }
        if (!remaining.none()) {
            Optional<String> same = coincidence(bindings);
            String remedy = remedy(remaining, bindings);
            if (same.isPresent()) {
                whenSame.add("when " + same.get().replace("!=", "and") + " share a register, " + remaining
                        + "; guard it with " + same.get());
            } else {
                whenDistinct.add(remaining + remedy);
            }
        }
    }

    private String remedy(Differences remaining, Bindings bindings) {
        if (remaining.memory().isPresent() || remaining.control().isPresent()) {
            return "";
        }
        List<String> dead = new ArrayList<>();
        if (!remaining.flags().isEmpty()) {
            dead.add("dead " + remaining.flags());
        }
        RuleNames.bound(rule.left()).names().stream()
                .filter(name -> deadRegister(bindings, name)
                        .filter(remaining.registers()::contains)
                        .isPresent())
                .forEach(name -> dead.add("dead $" + name));
        return dead.isEmpty() ? "" : "; it needs 'where " + String.join(", ", dead) + "'";
    }

    /** The register all of whose bits 'dead' speaks of. */
    private Optional<String> deadRegister(Bindings bindings, String variable) {
        return bindings.operand(variable)
                .map(Bindings.Bound::operand)
                .filter(operand -> operand instanceof RegisterOperand.Fixed fixed
                        && fixed.kind().isGeneral()
                        && fixed.kind().bytes() >= 4)
                .map(operand -> MachineState.holder(((RegisterOperand.Fixed) operand).register()))
                .map(Register::toString);
    }

    /** Two variables that share a register in this sample. */
    private Optional<String> coincidence(Bindings bindings) {
        List<String> names = List.copyOf(RuleNames.bound(rule.left()).names());
        for (String first : names) {
            for (String second : names.subList(names.indexOf(first) + 1, names.size())) {
                Optional<Operand> a = bindings.operand(first).map(Bindings.Bound::operand);
                Optional<Operand> b = bindings.operand(second).map(Bindings.Bound::operand);
                if (a.isPresent() && b.isPresent() && !GuardCheck.disjoint(a.get(), b.get())) {
                    return Optional.of("$" + first + " != $" + second);
                }
            }
        }
        return Optional.empty();
    }

    // (7)
    void cost(List<Line> left, List<Line> right) {
        Cost before = Cost.of(left, facts);
        Cost after = Cost.of(right, facts);
        if (after.compareTo(before) < 0) {
            return;
        }
        costs.add("nothing is gained: " + left + " has " + before + ", " + right + " has " + after);
    }

    void report() {
        costs.stream().limit(1).forEach(message -> complain.accept(rule.at(), message));
        List<String> meaning = whenDistinct.isEmpty() ? whenSame : whenDistinct;
        meaning.stream().limit(1).forEach(message -> complain.accept(rule.at(), message));
        if (!meaning.isEmpty()) {
            return;
        }
        FlagSet needlessFlags = deadFlags.minus(neededFlags);
        if (!needlessFlags.isEmpty()) {
            complain.accept(RuleChecker.whereLine(rule), "'dead " + needlessFlags + "' is not needed");
        }
        for (String variable : deadVariables) {
            if (!neededVariables.contains(variable)) {
                complain.accept(RuleChecker.whereLine(rule), "'dead $" + variable + "' is not needed");
            }
        }
        for (Guard guard : rule.guards()) {
            if (guard instanceof Guard.Differ && !neededGuards.contains(guard)) {
                complain.accept(RuleChecker.whereLine(rule), "'" + guard + "' is not needed");
            }
        }
    }
}
