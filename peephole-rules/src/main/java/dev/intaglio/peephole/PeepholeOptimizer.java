package dev.intaglio.peephole;

import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Applies the rules to a stencil's lines until none fits any more.
 *
 * <p>A window slides over the lines; the first rule in file order that fits is applied, and the window steps back, since the
 * new lines may complete a window that began before them. A window is never entered by a label, left by a section switch or
 * divided by a Java line that its rule does not name, because a rule's lines stand one after the other.
 */
public final class PeepholeOptimizer {
    /** In stencils of more lines slots and branches are left alone: the time for these grows with the square of the lines. */
    private static final int LARGE = 1000;

    private final RuleSet rules;
    private final TableFacts facts = new TableFacts();
    private final RuleOptions options;
    private final Contract contract;
    private final List<Line> lines;
    private final List<Rewrite> rewrites = new ArrayList<>();
    /** Of the lines as they are now; empty until a guard asks for it. */
    private Optional<Liveness> liveness = Optional.empty();

    private PeepholeOptimizer(List<Line> lines, RuleSet rules, RuleOptions options, Contract contract) {
        this.rules = rules;
        this.options = options;
        this.contract = contract;
        this.lines = new ArrayList<>(lines);
    }

    /** The lines after all rules that the options allow; what the contract says is live keeps its value. */
    public static Optimized optimize(List<Line> lines, RuleOptions options, Contract contract) {
        return optimize(lines, RuleSet.builtIn(), options, contract);
    }

    static Optimized optimize(List<Line> lines, RuleSet rules, RuleOptions options, Contract contract) {
        // A stencil that counts bytes by itself must keep the bytes it counted.
        if (options.none() || lines.stream().anyMatch(ControlFlow::measuresCode)) {
            return new Optimized(lines, List.of());
        }
        return new PeepholeOptimizer(lines, rules, options, contract).run();
    }

    private Optimized run() {
        int most = 16 * (lines.size() + 4);
        boolean changed = true;
        while (changed) {
            changed = fold(most) | slots(most) | branches(most) | slide(most) || decide(most);
        }
        if (options.allows(FittedImmediates.NAME)
                && FittedImmediates.mayBe(lines)) { // what comes of it is not looked at again
            FittedImmediates.rewrite(lines, liveness(), facts).forEach(rewrite -> note(rewrite, most));
        }
        return new Optimized(lines, rewrites);
    }

    /** Folds values known at emission until none can be folded; whether any was. */
    private boolean fold(int most) {
        boolean changed = false;
        if (lines.stream().noneMatch(KnownRegisters::loads)) {
            return false; // and liveness need not be computed
        }
        while (options.allows(ConstantFolding.NAME)) {
            Optional<ConstantFolding.Folding> folding = ConstantFolding.find(lines, liveness(), facts);
            Optional<Rewrite> rewrite = folding.isPresent()
                    ? Optional.of(ConstantFolding.apply(folding.get(), lines))
                    : SharedIndex.rewrite(lines, liveness(), facts);
            if (rewrite.isEmpty()) {
                break;
            }
            note(rewrite.get(), most);
            changed = true;
        }
        while (options.allows(SelectedConstants.NAME)) {
            Optional<Rewrite> rewrite = SelectedConstants.rewrite(lines, liveness(), facts);
            if (rewrite.isEmpty()) {
                break;
            }
            note(rewrite.get(), most);
            changed = true;
        }
        return changed;
    }

    /** Follows what slots of memory hold until nothing is left to do; whether there was anything. */
    private boolean slots(int most) {
        if (contract.memory().asWritten() || lines.size() > LARGE) {
            return false;
        }
        List<Rewrite> rewrites = SlotPasses.rewrite(lines, contract, facts, options);
        rewrites.forEach(rewrite -> note(rewrite, most));
        return !rewrites.isEmpty();
    }

    /** Branches that need not be, or go elsewhere in the end; whether there were any. */
    private boolean branches(int most) {
        boolean changed = false;
        if (lines.size() > LARGE) {
            return false;
        }
        Optional<Rewrite> rewrite = branch();
        while (rewrite.isPresent()) {
            note(rewrite.get(), most);
            changed = true;
            rewrite = branch();
        }
        return changed;
    }

    private Optional<Rewrite> branch() {
        Optional<Rewrite> rewrite =
                options.allows(NullChecks.NAME) ? NullChecks.rewrite(lines, facts) : Optional.empty();
        return rewrite.or(() -> Jumps.rewrite(lines, options));
    }

    /** Makes Java of branches, once nothing else is left to do; whether there was any. */
    private boolean decide(int most) {
        if (!options.allows(DecidedBranches.NAME)) {
            return false;
        }
        List<Rewrite> decided = DecidedBranches.decide(lines, facts);
        decided.forEach(rewrite -> note(rewrite, most));
        return !decided.isEmpty();
    }

    private void note(Rewrite rewrite, int most) {
        rewrites.add(rewrite);
        liveness = Optional.empty();
        if (rewrites.size() > most) {
            throw new IllegalStateException("the rules do not come to an end: " + rewrites.subList(most - 8, most));
        }
    }

    /** One pass from the first line to the last; whether anything was rewritten. */
    private boolean slide(int most) {
        boolean changed = false;
        int at = 0;
        while (at < lines.size()) {
            Optional<Rewrite> rewrite = rewriteAt(at);
            if (rewrite.isEmpty()) {
                at++;
                continue;
            }
            changed = true;
            note(rewrite.get(), most);
            List<Line> window = lines.subList(at, at + rewrite.get().before().size());
            window.clear();
            window.addAll(rewrite.get().after());
            at = Math.max(0, at - rules.longestWindow() + 1);
        }
        return changed;
    }

    private Liveness liveness() {
        if (liveness.isEmpty()) {
            liveness = Optional.of(Liveness.of(lines, contract, new TableEffects(facts)));
        }
        return liveness.get();
    }

    private Optional<Rewrite> rewriteAt(int at) {
        if (!(lines.get(at) instanceof Instruction first)) {
            return Optional.empty();
        }
        for (Rule rule : rules.beginningWith(first.mnemonic())) {
            Optional<Rewrite> rewrite = options.allows(rule.name()) ? apply(rule, at) : Optional.empty();
            if (rewrite.isPresent()) {
                return rewrite;
            }
        }
        return Optional.empty();
    }

    private Optional<Rewrite> apply(Rule rule, int at) {
        Optional<Bindings> bindings = Window.match(rule, lines, at);
        if (bindings.isEmpty()) {
            return Optional.empty();
        }
        int last = at + rule.left().size() - 1;
        GuardCheck guards = new GuardCheck(bindings.get(), options, this::liveness, last);
        if (!rule.guards().stream().allMatch(guards::holds)) {
            return Optional.empty();
        }
        List<Line> before = List.copyOf(lines.subList(at, last + 1));
        Span span = before.get(0).span().to(before.get(before.size() - 1).span());
        return Template.lines(rule.right(), bindings.get(), span)
                .filter(after -> keepsEvaluations(before, after) && haveForms(after) && keepsAccesses(before, after))
                .map(after -> new Rewrite(rule.name(), before, after, span));
    }

    /** A side may ask for what does not exist with these operands, such as rsp as an index. */
    private boolean haveForms(List<Line> after) {
        return after.stream()
                .allMatch(line -> !(line instanceof Instruction instruction)
                        || facts.of(instruction).isPresent());
    }

    /** Where the contract wants it, memory is accessed as often as before; rules never exchange accesses. */
    private boolean keepsAccesses(List<Line> before, List<Line> after) {
        return !contract.memory().asWritten() || accesses(before) == accesses(after);
    }

    private int accesses(List<Line> lines) {
        int accesses = 0;
        for (Line line : lines) {
            if (line instanceof Instruction instruction) {
                MemoryUse use = MemoryUse.of(instruction, facts);
                accesses += (use.reads() ? 1 : 0) + (use.writes() ? 1 : 0);
            }
        }
        return accesses;
    }

    /** A call in an operand is evaluated once, and in its order: rules neither repeat, drop nor exchange such calls. */
    private static boolean keepsEvaluations(List<Line> before, List<Line> after) {
        List<Object> old = opaque(before);
        return old.size() <= 1 && old.equals(opaque(after));
    }

    private static List<Object> opaque(List<Line> lines) {
        List<Object> found = new ArrayList<>();
        for (Line line : lines) {
            if (line instanceof Instruction instruction) {
                instruction
                        .operands()
                        .forEach(operand -> SameValue.opaque(operand).forEach(found::add));
            }
        }
        return found;
    }
}
