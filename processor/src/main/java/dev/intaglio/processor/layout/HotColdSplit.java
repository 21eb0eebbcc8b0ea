package dev.intaglio.processor.layout;

import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.peephole.Liveness;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Moves what is seldom run to the cold section: blocks from which the stencil's continuation cannot be reached, and calls that
 * the continuation can be reached without, with what only feeds them; besides what a branch with {@code {unlikely}} leads to, or
 * one with {@code {likely}} does not.
 *
 * <p>A block that hot code runs through, as the test of a reference count does, stays hot; the call that it guards goes; a
 * join that only cold code reaches goes with it. Where a way now leads to another section it is a jump; a branch around cold
 * code becomes the opposite branch into it.
 */
final class HotColdSplit {
    private final MovableLines movable;
    private final Blocks blocks;
    private final Set<Integer> cold = new TreeSet<>();
    /** Blocks that a branch calls likely, or leads to unless it does something unlikely. */
    private final Set<Integer> likely = new TreeSet<>();

    private final Map<Integer, LabelReference.Next> newLabels = new HashMap<>();

    private HotColdSplit(MovableLines movable) {
        this.movable = movable;
        blocks = new Blocks(movable.lines());
    }

    /** The lines in two sections; as they were where their author has used sections, or Java lines or data stand between. */
    static List<Line> of(List<Line> lines) {
        boolean plain = lines.stream()
                .allMatch(line -> line instanceof Instruction
                        || line instanceof Line.LabelDefinition
                        || line instanceof Line.Leave
                        || line instanceof Line.Frame);
        if (!plain || lines.stream().anyMatch(Liveness::measuresCode)) {
            return lines;
        }
        return MovableLines.of(lines)
                .map(HotColdSplit::new)
                .flatMap(HotColdSplit::split)
                .orElse(lines);
    }

    private Optional<List<Line>> split() {
        if (!reaches(0, Set.of())) {
            return Optional.empty(); // a whole function: no way through it is the way on
        }
        for (int b = 1; b < blocks.continuation(); b++) {
            if (!reaches(b, Set.of())) {
                cold.add(b);
            }
        }
        weigh();
        demote(true);
        demote(false);
        return cold.stream().anyMatch(blocks::hasInstructions) ? Optional.of(laidOut()) : Optional.empty();
    }

    /** Makes cold what the author calls unlikely, where nothing else leads there. */
    private void weigh() {
        for (int b = 0; b < blocks.continuation(); b++) {
            Optional<Integer> target = blocks.target(b);
            Optional<String> weight =
                    blocks.last(b).flatMap(branch -> branch.decoration().encoding());
            if (target.isEmpty() || weight.isEmpty() || cold.contains(b)) {
                continue;
            }
            boolean isLikely = weight.get().equals("likely");
            int rare = isLikely ? b + 1 : target.get();
            likely.add(isLikely ? target.get() : b + 1);
            boolean onlyFromHere = rare < blocks.continuation()
                    && rare > 0
                    && blocks.hasInstructions(rare)
                    && blocks.predecessors(rare).equals(Set.of(b));
            if (onlyFromHere) {
                chain(rare, true).ifPresent(cold::addAll);
            }
        }
    }

    /** Makes calls cold, then what leads to cold code only to feed it. */
    private void demote(boolean calls) {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int b = blocks.continuation() - 1; b > 0; b--) {
                boolean candidate = !cold.contains(b)
                        && !likely.contains(b)
                        && blocks.hasInstructions(b)
                        && (calls
                                ? blocks.calls(b)
                                : blocks.successors(b).stream().anyMatch(cold::contains));
                if (candidate) {
                    Optional<Set<Integer>> chain = chain(b, false);
                    chain.ifPresent(cold::addAll);
                    changed |= chain.isPresent();
                }
            }
        }
    }

    /**
     * What goes with a block: what leads only there, and what only it leads to; empty where the block must stay.
     *
     * @param isRare whether its author says that it seldom runs, though it may be no more than a step aside
     */
    private Optional<Set<Integer>> chain(int block, boolean isRare) {
        Set<Integer> chain = new TreeSet<>(Set.of(block));
        boolean grows = true;
        while (grows) {
            grows = false;
            for (int b = 1; b < blocks.continuation(); b++) {
                boolean joins = !chain.contains(b)
                        && !cold.contains(b)
                        && blocks.hasInstructions(b)
                        && (inside(blocks.successors(b), chain) || inside(blocks.predecessors(b), chain));
                grows |= joins && chain.add(b);
            }
        }
        for (int b : chain) {
            boolean entered = blocks.predecessors(b).stream().anyMatch(from -> isHotOutside(from, chain));
            boolean left = blocks.successors(b).stream().anyMatch(to -> isHotOutside(to, chain));
            boolean direct = entered && left && !blocks.calls(b) && !(isRare && b == block);
            boolean forced = blocks.predecessors(b).stream()
                    .filter(from -> isHotOutside(from, chain))
                    .anyMatch(from -> blocks.successors(from).stream().noneMatch(to -> isHotOutside(to, chain)));
            if (direct || forced) {
                return Optional.empty();
            }
        }
        return reaches(0, chain) ? Optional.of(chain) : Optional.empty();
    }

    private static boolean inside(Set<Integer> some, Set<Integer> chain) {
        return !some.isEmpty() && chain.containsAll(some);
    }

    private boolean isHotOutside(int block, Set<Integer> chain) {
        return !chain.contains(block) && !cold.contains(block);
    }

    /** Whether the continuation can be reached from a block through hot blocks that are not avoided. */
    private boolean reaches(int from, Set<Integer> avoided) {
        Set<Integer> seen = new TreeSet<>();
        List<Integer> open = new ArrayList<>(List.of(from));
        while (!open.isEmpty()) {
            int block = open.remove(open.size() - 1);
            if (block == blocks.continuation()) {
                return true;
            }
            if (!avoided.contains(block) && !cold.contains(block) && seen.add(block)) {
                open.addAll(blocks.successors(block));
            }
        }
        return false;
    }

    // ---- layout

    private List<Line> laidOut() {
        List<Integer> hot = new ArrayList<>();
        for (int b = 0; b < blocks.continuation(); b++) {
            if (!cold.contains(b)) {
                hot.add(b);
            }
        }
        List<List<Line>> hotCode = section(hot, true);
        List<List<Line>> coldCode = section(List.copyOf(cold), false);
        Span span = blocks.lines(cold.iterator().next()).get(0).span();
        List<Line> all = new ArrayList<>();
        add(hot, hotCode, all);
        LabelReference.Next end = newLabels.get(blocks.continuation());
        if (end != null) {
            all.add(MovableLines.definition(end, span));
        }
        all.add(new Line.SectionSwitch(Line.SectionSwitch.COLD, span));
        add(List.copyOf(cold), coldCode, all);
        all.add(new Line.SectionSwitch(Line.SectionSwitch.HOT, span));
        return withoutJumpsToNext(movable.settled(all));
    }

    /** What stood between a jump and its target may have gone to the other section. */
    private static List<Line> withoutJumpsToNext(List<Line> lines) {
        List<Line> left = new ArrayList<>();
        for (int at = 0; at < lines.size(); at++) {
            boolean toNext = at + 1 < lines.size()
                    && lines.get(at) instanceof Instruction instruction
                    && instruction.mnemonic().equals("jmp")
                    && instruction.operands().get(0) instanceof Operand.LabelTarget target
                    && lines.get(at + 1) instanceof Line.LabelDefinition definition
                    && definition.label().equals(target.label())
                    && target.label() instanceof LabelReference.Next;
            if (!toNext) {
                left.add(lines.get(at));
            }
        }
        return left;
    }

    private void add(List<Integer> order, List<List<Line>> code, List<Line> all) {
        for (int i = 0; i < order.size(); i++) {
            LabelReference.Next label = newLabels.get(order.get(i));
            if (label != null) {
                all.add(MovableLines.definition(
                        label, blocks.lines(order.get(i)).get(0).span()));
            }
            all.addAll(code.get(i));
        }
    }

    /** The lines of each block of a section; where a block falls into another than the next, a jump leads there. */
    private List<List<Line>> section(List<Integer> order, boolean continues) {
        List<List<Line>> code = new ArrayList<>();
        for (int i = 0; i < order.size(); i++) {
            int block = order.get(i);
            boolean isLast = i + 1 == order.size();
            int behind = !isLast ? order.get(i + 1) : continues ? blocks.continuation() : -1;
            List<Line> lines = new ArrayList<>(blocks.lines(block));
            if (blocks.fallsThrough(block) && block + 1 != behind) {
                inverted(block, behind).ifPresentOrElse(branch -> lines.set(lines.size() - 1, branch), () -> {
                    Operand target = new Operand.LabelTarget(label(block + 1), Expression.ZERO);
                    Span span = lines.isEmpty()
                            ? new Span(0, 0)
                            : lines.get(lines.size() - 1).span();
                    lines.add(Instruction.of("jmp", target).at(span));
                });
            }
            code.add(lines);
        }
        return code;
    }

    /** For a block that branches to the one behind and falls elsewhere: the opposite branch to there. */
    private Optional<Instruction> inverted(int block, int behind) {
        Optional<Instruction> last = blocks.last(block);
        boolean jumpsBehind =
                blocks.target(block).map(target -> target == behind).orElse(false);
        if (!jumpsBehind || last.isEmpty()) {
            return Optional.empty();
        }
        return last.get()
                .branchCondition()
                .map(condition -> Instruction.of(
                                "j" + condition.negated(), new Operand.LabelTarget(label(block + 1), Expression.ZERO))
                        .at(last.get().span()));
    }

    private LabelReference.Next label(int block) {
        Optional<LabelReference.Next> own = block < blocks.continuation() ? blocks.label(block) : Optional.empty();
        return own.orElseGet(() -> newLabels.computeIfAbsent(block, unused -> movable.newLabel()));
    }
}
