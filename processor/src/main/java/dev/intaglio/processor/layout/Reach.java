package dev.intaglio.processor.layout;

import dev.intaglio.assembly.encode.EncodingPlan;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.processor.layout.Plans.Planned;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/**
 * How far static local branches go, and so how long they are. All begin long; one whose greatest distance fits a byte
 * becomes short, which may make others short, until nothing changes.
 */
public final class Reach {
    private final List<Planned> lines;
    private final LocalLabels labels;
    private final IntPredicate mayVanish;
    private final boolean[] shortBranch;

    /**
     * @param mayVanish the lines that are not emitted where what they do is done already
     */
    public Reach(List<Planned> lines, LocalLabels labels, IntPredicate mayVanish) {
        this.lines = lines;
        this.labels = labels;
        this.mayVanish = mayVanish;
        shortBranch = new boolean[lines.size()];
        solve();
    }

    /** Whether the branch at this line surely fits in its short form. */
    public boolean isShort(int line) {
        return shortBranch[line];
    }

    /** The most bytes of a line, with short branches known. */
    public int maxLength(int line) {
        EncodingPlan.Branch branch = staticBranch(line);
        if (branch == null) {
            return lines.get(line).maxLength();
        }
        if (shortBranch[line] || branch.nearOpcode().isEmpty()) {
            return branch.shortOpcode().orElseThrow().size() + 1;
        }
        return branch.nearOpcode().get().size() + 4;
    }

    /** The fewest bytes of a line. */
    public int minLength(int line) {
        if (mayVanish.test(line)) {
            return 0;
        }
        Planned planned = lines.get(line);
        EncodingPlan.Branch branch = staticBranch(line);
        if (branch == null) {
            return planned.minLength();
        }
        boolean mayBeShort = shortBranch[line] || branch.nearOpcode().isEmpty() || isBackward(branch);
        return mayBeShort && branch.shortOpcode().isPresent()
                ? branch.shortOpcode().get().size() + 1
                : branch.nearOpcode().orElseThrow().size() + 4;
    }

    /** The bytes that the lines between two of them add to a section, where that is certain. */
    public OptionalInt fixedLength(int from, int to, String section) {
        int sum = 0;
        for (int i = from; i < to; i++) {
            if (lines.get(i).section().equals(section)) {
                if (minLength(i) != maxLength(i)) {
                    return OptionalInt.empty();
                }
                sum += maxLength(i);
            }
        }
        return OptionalInt.of(sum);
    }

    /** Whether no line between two of them adds a byte to a section. */
    public boolean isUntouched(int from, int to, String section) {
        for (int i = from; i < to; i++) {
            if (lines.get(i).section().equals(section) && maxLength(i) > 0) {
                return false;
            }
        }
        return true;
    }

    private void solve() {
        Arrays.fill(shortBranch, false);
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = 0; i < lines.size(); i++) {
                EncodingPlan.Branch branch = staticBranch(i);
                if (branch != null && !shortBranch[i] && branch.shortOpcode().isPresent() && fitsByte(i, branch)) {
                    shortBranch[i] = true;
                    changed = true;
                }
            }
        }
    }

    private boolean fitsByte(int line, EncodingPlan.Branch branch) {
        Operand.LabelTarget target = (Operand.LabelTarget) branch.target();
        OptionalInt definition = labels.definition(target.label(), line);
        if (definition.isEmpty() || !target.offset().isZero()) {
            return false;
        }
        int there = definition.getAsInt();
        String section = lines.get(line).section();
        if (!lines.get(there).section().equals(section)) {
            return false;
        }
        int own = branch.shortOpcode().orElseThrow().size() + 1;
        if (there > line) {
            return sum(line + 1, there, section) <= Byte.MAX_VALUE;
        }
        return sum(there, line, section) + own <= -Byte.MIN_VALUE;
    }

    private int sum(int from, int to, String section) {
        int sum = 0;
        for (int i = from; i < to; i++) {
            if (lines.get(i).section().equals(section)) {
                sum += maxLength(i);
            }
        }
        return sum;
    }

    private static boolean isBackward(EncodingPlan.Branch branch) {
        return branch.target() instanceof Operand.LabelTarget target && target.label() instanceof LabelReference.Last;
    }

    /** The branch of a line to a static local label; null for any other line. */
    private EncodingPlan.Branch staticBranch(int line) {
        if (lines.get(line).plan().orElse(null) instanceof EncodingPlan.Branch branch
                && branch.target() instanceof Operand.LabelTarget target) {
            return labels.isStatic(target.label(), line) ? branch : null;
        }
        return null;
    }
}
