package dev.intaglio.peephole;

import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
            Rule rule = rules.get(at);
            List<String> wrongNames = NameCheck.complaints(rule);
            checker.complaints.addAll(wrongNames);
            if (wrongNames.isEmpty()) {
                checker.meaning(rule);
                checker.shadowing(rule, rules.subList(0, at));
            }
        }
        return List.copyOf(checker.complaints);
    }

    private void complain(Rule rule, int line, String message) {
        complaints.add(complaint(rule, line, message));
    }

    static String complaint(Rule rule, int line, String message) {
        return rule.source().complaint(line, "rule " + rule.name() + ": " + message);
    }

    static int whereLine(Rule rule) {
        int line = rule.at();
        while (line < rule.source().lines().size()
                && !rule.source().lines().get(line).startsWith("where")) {
            line++;
        }
        return line + 1;
    }

    private void meaning(Rule rule) {
        Findings findings = new Findings(rule, facts, (line, message) -> complain(rule, line, message));
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
        Rule rule = findings.rule();
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
            findings.cost(left.get(), right.get());
        }
        findings.meaning(left.get(), right.get(), bindings, unmet);
    }

    private boolean haveForms(List<Line> lines) {
        return lines.stream()
                .allMatch(line -> !(line instanceof Instruction instruction)
                        || facts.of(instruction).isPresent());
    }

    // (8)
    private void shadowing(Rule rule, List<Rule> earlier) {
        for (Rule other : earlier) {
            boolean[] seen = new boolean[2];
            for (Samples.Choice choice : Samples.choices(rule)) {
                Samples.forEach(rule, choice, bindings -> {
                    if (seen[1]) {
                        return; // It fits where the other does not, and looking at more would not change that.
                    }
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
