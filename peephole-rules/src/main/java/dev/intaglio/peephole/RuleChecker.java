package dev.intaglio.peephole;

import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.FlagSet;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.table.Access;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Computes from the instruction table what a rule must ask for, and complains where it asks for less, or for more:
 * <ol>
 *   <li>it says why it exists; every variable of the right side and of the guards is bound on the left;
 *   <li>every class of a variable has instruction forms, on both sides;
 *   <li>flags that the left side defines and the right side does not define equally are asked to be dead;
 *   <li>so are registers; variables whose coincidence changes the meaning are asked to differ;
 *   <li>both sides make the same loads and stores in the same order, but for loads of what was just stored;
 *   <li>all ways through lead to the same places;
 *   <li>accesses to memory, then bytes, then instructions fall strictly, so that rewriting ends;
 *   <li>no earlier rule fits wherever this one does.
 * </ol>
 */
final class RuleChecker {
    private final Facts.Source facts;
    private final Set<String> complaints = new LinkedHashSet<>();

    private RuleChecker(Facts.Source facts) {
        this.facts = facts;
    }

    /** What is wrong with the rules, in their order: file, line, column, message, the line and a caret. */
    static List<String> check(List<Rule> rules, Facts.Source facts) {
        RuleChecker checker = new RuleChecker(facts);
        for (int at = 0; at < rules.size(); at++) {
            if (checker.names(rules.get(at))) {
                checker.meaning(rules.get(at));
                checker.shadowing(rules.get(at), rules.subList(0, at));
            }
        }
        return List.copyOf(checker.complaints);
    }

    private void complain(Rule rule, int line, String message) {
        complaints.add(rule.source().complaint(line, "rule " + rule.name() + ": " + message));
    }

    // (1)
    private boolean names(Rule rule) {
        int before = complaints.size();
        if (rule.why().isBlank()) {
            complain(rule, rule.at(), "a comment above it must say why it exists");
        }
        RuleNames left = RuleNames.bound(rule.left());
        left.unclassed()
                .forEach((name, line) -> complain(
                        rule, line, "$" + name + " has no class where it is used first, such as $" + name + ":r64"));
        RuleNames.used(rule.right()).forEach((name, line) -> {
            if (!left.names().contains(name)) {
                complain(rule, line, "$" + name + " is not bound on the left side");
            }
        });
        if (rule.right().stream()
                .anyMatch(line -> RuleNames.words(line) > 1 && RuleNames.words(line) != left.words())) {
            complain(rule, rule.right().get(0).at(), "the braces on both sides must have the same number of words");
        }
        for (Guard guard : rule.guards()) {
            for (String name : RuleNames.of(guard)) {
                if (!left.names().contains(name)) {
                    complain(rule, whereLine(rule), "$" + name + " in '" + guard + "' is not bound on the left side");
                }
            }
        }
        return complaints.size() == before;
    }

    private static int whereLine(Rule rule) {
        int line = rule.at();
        while (line < rule.source().lines().size()
                && !rule.source().lines().get(line).startsWith("where")) {
            line++;
        }
        return line + 1;
    }

    private void meaning(Rule rule) {
        Findings findings = new Findings(rule);
        Set<String> classes = new LinkedHashSet<>();
        Set<String> useful = new LinkedHashSet<>();
        for (Samples.Choice choice : Samples.choices(rule)) {
            int[] forms = new int[2];
            Samples.forEach(rule, choice, bindings -> sample(findings, bindings, forms));
            choice.classes().forEach((name, kind) -> {
                classes.add("$" + name + ":" + kind);
                if (forms[0] > 0) {
                    useful.add("$" + name + ":" + kind);
                }
            });
            if (forms[0] > 0 && forms[1] == 0) {
                complain(rule, rule.at(), "the right side has no instruction forms for " + choice);
            }
        }
        classes.removeAll(useful);
        // (2)
        classes.forEach(
                each -> complain(rule, rule.left().get(0).at(), "no instruction form on the left side for " + each));
        findings.report();
    }

    private void sample(Findings findings, Bindings bindings, int[] forms) {
        Rule rule = findings.rule;
        Optional<List<Line>> left = Template.lines(rule.left(), bindings, Span.at(0));
        Optional<List<Line>> right = Template.lines(rule.right(), bindings, Span.at(0));
        if (left.isEmpty()
                || !haveForms(left.get())
                || Window.match(rule, left.get(), 0).isEmpty()) {
            return;
        }
        GuardCheck known = new GuardCheck(bindings, RuleOptions.ALL, () -> Liveness.of(List.of(), Contract.DEFAULT), 0);
        List<Guard> unmet = rule.guards().stream()
                .filter(guard -> (guard instanceof Guard.Differ || guard instanceof Guard.Fits) && !known.holds(guard))
                .toList();
        if (unmet.isEmpty()) {
            forms[0]++;
        }
        if (right.isEmpty() || !haveForms(right.get()) || unmet.size() > 1) {
            return;
        }
        if (unmet.isEmpty()) {
            forms[1]++;
            findings.size(left.get(), right.get());
        }
        findings.meaning(left.get(), right.get(), bindings, unmet);
    }

    private boolean haveForms(List<Line> lines) {
        return lines.stream()
                .allMatch(line -> !(line instanceof Instruction instruction)
                        || facts.of(instruction).isPresent());
    }

    /** What the samples of one rule showed. */
    private final class Findings {
        private final Rule rule;
        private final FlagSet deadFlags;
        private final Set<String> deadVariables = new TreeSet<>();
        private FlagSet neededFlags = FlagSet.NONE;
        private final Set<String> neededVariables = new TreeSet<>();
        private final Set<Guard> neededGuards = new LinkedHashSet<>();
        private final List<String> whenDistinct = new ArrayList<>();
        private final List<String> whenSame = new ArrayList<>();
        private final Set<String> sizes = new LinkedHashSet<>();

        Findings(Rule rule) {
            this.rule = rule;
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
        void size(List<Line> left, List<Line> right) {
            int[] before = measure(left);
            int[] after = measure(right);
            if (Arrays.compare(after, before) >= 0) {
                sizes.add("nothing is gained: " + left + " has " + text(before) + ", " + right + " has " + text(after));
            }
        }

        private static String text(int[] measure) {
            return measure[0] + " accesses to memory, " + measure[1] + " bytes, " + measure[2] + " instructions";
        }

        private int[] measure(List<Line> lines) {
            int[] measure = new int[3];
            for (Line line : lines) {
                if (line instanceof Instruction instruction) {
                    Facts known = facts.of(instruction).orElseThrow();
                    for (int at = 0; at < instruction.operands().size(); at++) {
                        boolean accesses = known.access().get(at) != Access.NONE;
                        measure[0] += accesses && instruction.operands().get(at) instanceof Operand.Memory ? 1 : 0;
                    }
                    measure[1] += facts.maxLength(instruction);
                    measure[2]++;
                }
            }
            return measure;
        }

        void report() {
            sizes.stream().limit(1).forEach(message -> complain(rule, rule.at(), message));
            List<String> meaning = whenDistinct.isEmpty() ? whenSame : whenDistinct;
            meaning.stream().limit(1).forEach(message -> complain(rule, rule.at(), message));
            if (!meaning.isEmpty()) {
                return;
            }
            FlagSet needless = deadFlags.minus(neededFlags);
            if (!needless.isEmpty()) {
                complain(rule, whereLine(rule), "'dead " + needless + "' is not needed");
            }
            for (String variable : deadVariables) {
                if (!neededVariables.contains(variable)) {
                    complain(rule, whereLine(rule), "'dead $" + variable + "' is not needed");
                }
            }
            for (Guard guard : rule.guards()) {
                if (guard instanceof Guard.Differ && !neededGuards.contains(guard)) {
                    complain(rule, whereLine(rule), "'" + guard + "' is not needed");
                }
            }
        }
    }

    // (8)
    private void shadowing(Rule rule, List<Rule> earlier) {
        for (Rule other : earlier) {
            boolean[] seen = new boolean[2];
            for (Samples.Choice choice : Samples.choices(rule)) {
                Samples.forEach(rule, choice, bindings -> {
                    Optional<List<Line>> lines = Template.lines(rule.left(), bindings, Span.at(0));
                    if (lines.isPresent()
                            && haveForms(lines.get())
                            && Window.match(rule, lines.get(), 0).isPresent()) {
                        seen[Shadow.covers(other, rule, lines.get(), bindings) ? 0 : 1] = true;
                    }
                });
            }
            if (seen[0] && !seen[1]) {
                complain(
                        rule, rule.at(), "it can never run: rule " + other.name() + " before it fits wherever it does");
            }
        }
    }
}
