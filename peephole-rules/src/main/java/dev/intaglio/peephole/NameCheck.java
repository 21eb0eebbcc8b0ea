package dev.intaglio.peephole;

import java.util.ArrayList;
import java.util.List;

/** Checks that a rule says why it exists, and that what its right side and its guards name is bound on the left. */
final class NameCheck {
    private final Rule rule;
    private final List<String> complaints = new ArrayList<>();

    private NameCheck(Rule rule) {
        this.rule = rule;
    }

    static List<String> complaints(Rule rule) {
        NameCheck check = new NameCheck(rule);
        check.run();
        return List.copyOf(check.complaints);
    }

    private void complain(int line, String message) {
        complaints.add(RuleChecker.complaint(rule, line, message));
    }

    private void run() {
        if (rule.why().isBlank()) {
            complain(rule.at(), "a comment above it must say why it exists");
        }
        RuleNames left = RuleNames.bound(rule.left());
        left.unclassed()
                .forEach((name, line) ->
                        complain(line, "$" + name + " has no class where it is used first, such as $" + name + ":r64"));
        RuleNames.used(rule.right()).forEach((name, line) -> {
            if (!left.names().contains(name)) {
                complain(line, "$" + name + " is not bound on the left side");
            }
        });
        if (rule.right().stream()
                .anyMatch(line -> RuleNames.words(line) > 1 && RuleNames.words(line) != left.words())) {
            complain(rule.right().get(0).at(), "the braces on both sides must have the same number of words");
        }
        for (Guard guard : rule.guards()) {
            for (String name : RuleNames.of(guard)) {
                if (!left.names().contains(name)) {
                    complain(
                            RuleChecker.whereLine(rule),
                            "$" + name + " in '" + guard + "' is not bound on the left side");
                }
            }
        }
    }
}
