package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.LabelReferences;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Branches to jumps go where those go; lines behind a jump that no label stands before are not emitted; labels that nobody names do not
 * divide windows.
 *
 * <p>Jumps are followed only in stencils without lines of Java, which may emit a line more than once.
 */
final class Jumps {
    static final String THREAD = "thread-jump";
    static final String UNREACHABLE = "unreachable";
    static final String LABELS = "dead-label";
    static final List<String> NAMES = List.of(THREAD, UNREACHABLE, LABELS);

    private final List<Line> lines;
    private final RuleOptions options;
    private final boolean plain;

    private Jumps(List<Line> lines, RuleOptions options) {
        this.lines = lines;
        this.options = options;
        plain = lines.stream().noneMatch(Line.Java.class::isInstance);
    }

    /** Does the first of all this that it can. */
    static Optional<Rewrite> rewrite(List<Line> lines, RuleOptions options) {
        if (lines.stream().anyMatch(line -> line instanceof Line.BadLine || line instanceof Line.PatchPoint)) {
            return Optional.empty();
        }
        Jumps jumps = new Jumps(lines, options);
        for (int at = 0; at < lines.size(); at++) {
            Optional<Rewrite> rewrite = jumps.at(at);
            if (rewrite.isPresent()) {
                return rewrite;
            }
        }
        return Optional.empty();
    }

    private Optional<Rewrite> at(int at) {
        Line line = lines.get(at);
        if (line instanceof Line.LabelDefinition definition) {
            return options.allows(LABELS) && isDead(definition)
                    ? Optional.of(replace(LABELS, at, 1, List.of()))
                    : Optional.empty();
        }
        if (!(line instanceof Instruction instruction)) {
            return Optional.empty();
        }
        Optional<Rewrite> threaded = plain && options.allows(THREAD) ? thread(instruction, at) : Optional.empty();
        if (threaded.isPresent()) {
            return threaded;
        }
        boolean ends = ControlFlow.isJump(instruction) || instruction.mnemonic().equals("ret");
        int end = at + 1;
        while (ends && end < lines.size() && lines.get(end) instanceof Instruction) {
            end++;
        }
        return options.allows(UNREACHABLE) && end > at + 1
                ? Optional.of(replace(UNREACHABLE, at, end - at, List.of(line)))
                : Optional.empty();
    }

    private Rewrite replace(String name, int at, int count, List<Line> after) {
        List<Line> window = lines.subList(at, at + count);
        Rewrite rewrite = new Rewrite(name, window, after, window.get(0).span());
        window.clear();
        lines.addAll(at, after);
        return rewrite;
    }

    /** Whether no line names a local label's number. */
    private boolean isDead(Line.LabelDefinition definition) {
        if (!(definition.label() instanceof LabelReference.Next next)) {
            return false;
        }
        return lines.stream()
                .filter(line -> line != definition)
                .flatMap(line -> LabelReferences.of(line).stream())
                .noneMatch(
                        reference -> reference instanceof LabelReference.Next ahead && ahead.number() == next.number()
                                || reference instanceof LabelReference.Last back && back.number() == next.number());
    }

    // ---- jumps to jumps

    private Optional<Rewrite> thread(Instruction branch, int at) {
        Optional<LabelReference> target = target(branch);
        if (target.isEmpty()) {
            return Optional.empty();
        }
        Set<Integer> seen = new HashSet<>();
        LabelReference last = target.get();
        int from = at;
        boolean changed = false;
        OptionalInt jump = jumpBehind(last, from);
        while (jump.isPresent() && seen.add(jump.getAsInt())) {
            from = jump.getAsInt();
            last = target((Instruction) lines.get(from)).orElseThrow();
            changed = true;
            jump = jumpBehind(last, from);
        }
        boolean endless = jump.isPresent();
        Optional<LabelReference> here = changed && !endless ? seenFrom(last, from, at) : Optional.empty();
        return here.filter(label -> !label.equals(target.get())).map(label -> {
            Instruction now = branch.with(branch.mnemonic(), List.of(new Operand.LabelTarget(label, Expression.ZERO)));
            return replace(THREAD, at, 1, List.of(now));
        });
    }

    /** The target of a jump or a conditional one. */
    private static Optional<LabelReference> target(Instruction instruction) {
        boolean branches =
                ControlFlow.isJump(instruction) || instruction.branchCondition().isPresent();
        return branches
                        && instruction.prefixes().isEmpty()
                        && instruction.operands().size() == 1
                        && instruction.operands().get(0) instanceof Operand.LabelTarget target
                        && target.offset().isZero()
                        && SameValue.opaque(target).findAny().isEmpty()
                ? Optional.of(target.label())
                : Optional.empty();
    }

    /** The jump that is the first instruction behind a local label. */
    private OptionalInt jumpBehind(LabelReference label, int from) {
        OptionalInt definition = definition(label, from);
        if (definition.isEmpty()) {
            return OptionalInt.empty();
        }
        int at = definition.getAsInt();
        while (at < lines.size() && lines.get(at) instanceof Line.LabelDefinition) {
            at++;
        }
        boolean jumps = at < lines.size()
                && lines.get(at) instanceof Instruction instruction
                && ControlFlow.isJump(instruction)
                && target(instruction).isPresent();
        return jumps ? OptionalInt.of(at) : OptionalInt.empty();
    }

    private OptionalInt definition(LabelReference label, int from) {
        if (label instanceof LabelReference.Next next) {
            for (int at = from + 1; at < lines.size(); at++) {
                if (defines(at, next.number())) {
                    return OptionalInt.of(at);
                }
            }
        } else if (label instanceof LabelReference.Last last) {
            for (int at = from - 1; at >= 0; at--) {
                if (defines(at, last.number())) {
                    return OptionalInt.of(at);
                }
            }
        }
        return OptionalInt.empty();
    }

    private boolean defines(int at, int number) {
        return lines.get(at) instanceof Line.LabelDefinition definition
                && definition.label().equals(new LabelReference.Next(number));
    }

    /** How a line names the label that another line names; empty if its number means another label here. */
    private Optional<LabelReference> seenFrom(LabelReference label, int from, int here) {
        OptionalInt definition = definition(label, from);
        if (definition.isEmpty()) {
            boolean local = label instanceof LabelReference.Next || label instanceof LabelReference.Last;
            return local ? Optional.empty() : Optional.of(label);
        }
        int number = ((LabelReference.Next) ((Line.LabelDefinition) lines.get(definition.getAsInt())).label()).number();
        LabelReference named =
                definition.getAsInt() > here ? new LabelReference.Next(number) : new LabelReference.Last(number);
        return definition(named, here).equals(definition) ? Optional.of(named) : Optional.empty();
    }
}
