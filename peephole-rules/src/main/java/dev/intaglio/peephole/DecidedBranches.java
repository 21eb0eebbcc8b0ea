package dev.intaglio.peephole;

import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.LabelReferences;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.machine.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Branches whose comparison is of values known at emission become {@code if}s of the emitter, or go altogether where the values
 * are known now. What a branch passes over is then emitted only where it runs; where two ways join again, one of them.
 *
 * <p>The comparison stays: it goes by the rules where nothing else reads its flags.
 */
final class DecidedBranches {
    static final String NAME = "decide-branches";

    private final List<Line> lines;
    /** Whether each line is emitted once, in the order in which they stand. */
    private final boolean plain;

    private final List<Line> written = new ArrayList<>();
    private final List<Rewrite> rewrites = new ArrayList<>();

    private DecidedBranches(List<Line> lines) {
        this.lines = lines;
        plain = lines.stream().noneMatch(Line.Java.class::isInstance);
    }

    /** Decides what branches it can, in these lines, and tells what it did. */
    static List<Rewrite> decide(List<Line> lines, Facts.Source facts) {
        if (lines.stream().noneMatch(line -> branch(line).isPresent())) {
            return List.of();
        }
        return new DecidedBranches(lines).decide(facts);
    }

    /** A branch and the Java condition under which it is taken. */
    private record Decided(int branch, LabelReference target, String condition) {}

    private List<Rewrite> decide(Facts.Source facts) {
        List<Decided> found = find(facts);
        for (int i = found.size() - 1; i >= 0; i--) { // what is inside of others first
            Decided decided = found.get(i);
            Span span = lines.get(decided.branch()).span();
            if (EmissionComparison.isNever(decided.condition())) {
                replace(decided.branch(), 1, List.of());
            } else if (EmissionComparison.isAlways(decided.condition())) {
                Optional<Integer> joins = end(decided.target(), decided.branch() + 1);
                int passed = joins.map(join -> join - decided.branch()).orElse(1);
                replace(
                        decided.branch(),
                        passed,
                        joins.isPresent() ? List.of() : List.of(jump(decided.target(), span)));
            } else {
                choose(decided, span);
            }
        }
        return rewrites;
    }

    private List<Decided> find(Facts.Source facts) {
        List<Decided> found = new ArrayList<>();
        KnownRegisters known = KnownRegisters.untilWritten(facts);
        Optional<EmissionComparison> flags = Optional.empty();
        for (int at = 0; at < lines.size(); at++) {
            Optional<Condition> condition = branch(lines.get(at));
            if (condition.isPresent()) { // leaves registers and flags as they are
                int branch = at;
                LabelReference target = target(lines.get(at));
                flags.flatMap(comparison -> comparison.java(condition.get()))
                        .ifPresent(java -> found.add(new Decided(branch, target, java)));
                continue;
            }
            flags = lines.get(at) instanceof Instruction instruction
                    ? EmissionComparison.of(instruction, known)
                    : Optional.empty();
            known.pass(lines.get(at), at);
        }
        return found;
    }

    private static Optional<Condition> branch(Line line) {
        return line instanceof Instruction instruction
                        && instruction.prefixes().isEmpty()
                        && instruction.operands().size() == 1
                        && instruction.operands().get(0) instanceof Operand.LabelTarget target
                        && target.offset().isZero()
                ? instruction.branchCondition()
                : Optional.empty();
    }

    private static LabelReference target(Line branch) {
        return ((Operand.LabelTarget) ((Instruction) branch).operands().get(0)).label();
    }

    private static Line jump(LabelReference target, Span span) {
        return Instruction.of("jmp", new Operand.LabelTarget(target, Expression.ZERO))
                .at(span);
    }

    private Line java(String source, Span span) {
        Line line = new Line.Java(source, span);
        written.add(line);
        return line;
    }

    private void replace(int at, int count, List<Line> now) {
        List<Line> window = lines.subList(at, at + count);
        rewrites.add(0, new Rewrite(NAME, window, now, lines.get(at).span()));
        window.clear();
        lines.addAll(at, now);
    }

    private void choose(Decided decided, Span span) {
        int from = decided.branch() + 1;
        Optional<Integer> joins = end(decided.target(), from);
        if (joins.isEmpty()) {
            replace(
                    decided.branch(),
                    1,
                    List.of(
                            java("if (" + decided.condition() + ") {", span),
                            jump(decided.target(), span),
                            java("}", span)));
            return;
        }
        int join = joins.get();
        Line last = lines.get(join - 1);
        Optional<Integer> other = join > from && isJump(last) && isLocalNext(target(last)) && isOnlyWay(decided, join)
                ? end(target(last), join + 1)
                : Optional.empty();
        if (other.isPresent() && last != lines.get(decided.branch())) {
            lines.add(other.get(), java("}", last.span()));
            replace(join - 1, 1, List.of(java("} else {", last.span())));
        } else {
            lines.add(join, java("}", span));
        }
        replace(decided.branch(), 1, List.of(java("if (!(" + decided.condition() + ")) {", span)));
    }

    private static boolean isJump(Line line) {
        return line instanceof Instruction instruction
                && instruction.mnemonic().equals("jmp")
                && instruction.operands().size() == 1
                && instruction.operands().get(0) instanceof Operand.LabelTarget target
                && target.offset().isZero();
    }

    private static boolean isLocalNext(LabelReference label) {
        return label instanceof LabelReference.Next;
    }

    /** Whether nothing but the branch goes to the label that a line defines. */
    private boolean isOnlyWay(Decided decided, int definition) {
        return plain && references(definition).equals(List.of(decided.branch()));
    }

    /**
     * The line that defines a label further on, if the lines from here to there are one block that can only be entered at
     * its head, in one section and without Java of the author's.
     */
    private Optional<Integer> end(LabelReference label, int from) {
        if (!isLocalNext(label)) {
            return Optional.empty();
        }
        int depth = 0;
        int at = from;
        while (at < lines.size() && !defines(lines.get(at), label)) {
            Line line = lines.get(at);
            boolean foreign = line instanceof Line.Java && written.stream().noneMatch(own -> own == line);
            if (foreign || line instanceof Line.SectionSwitch || line instanceof Line.BadLine) {
                return Optional.empty();
            }
            if (line instanceof Line.Java java) {
                depth += java.source().endsWith("{") ? 1 : 0;
                depth -= java.source().startsWith("}") ? 1 : 0;
                if (depth < 0) {
                    return Optional.empty();
                }
            }
            at++;
        }
        if (at == lines.size() || depth != 0) {
            return Optional.empty();
        }
        int end = at;
        for (int i = from; i < end; i++) {
            boolean entered = lines.get(i) instanceof Line.LabelDefinition
                    && (!plain
                            || !isLocal(lines.get(i))
                            || references(i).stream().anyMatch(reference -> reference < from || reference >= end));
            if (entered) {
                return Optional.empty();
            }
        }
        return Optional.of(end);
    }

    private static boolean isLocal(Line definition) {
        return isLocalNext(((Line.LabelDefinition) definition).label());
    }

    private static boolean defines(Line line, LabelReference label) {
        return line instanceof Line.LabelDefinition definition
                && definition.label().equals(label);
    }

    /** The lines that name the local label which a line defines. */
    private List<Integer> references(int definition) {
        LabelReference label = ((Line.LabelDefinition) lines.get(definition)).label();
        int number = ((LabelReference.Next) label).number();
        List<Integer> found = new ArrayList<>();
        for (int at = 0; at < lines.size(); at++) {
            for (LabelReference reference : LabelReferences.of(lines.get(at))) {
                boolean ahead = at < definition && reference.equals(label) && noneBetween(at + 1, definition, label);
                boolean back = at > definition
                        && reference instanceof LabelReference.Last last
                        && last.number() == number
                        && noneBetween(definition + 1, at, label);
                if (ahead || back) {
                    found.add(at);
                }
            }
        }
        return found;
    }

    private boolean noneBetween(int from, int to, LabelReference label) {
        return lines.subList(from, to).stream().noneMatch(line -> defines(line, label));
    }
}
