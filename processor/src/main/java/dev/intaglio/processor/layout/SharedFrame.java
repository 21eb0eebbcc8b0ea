package dev.intaglio.processor.layout;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Leaves out the frame that a stencil makes for itself, since its piece has one, and has the piece's taken down before what leaves
 * the piece.
 *
 * <p>On every way through the stencil what is done to the stack is followed from the prologue to the place where it is taken down.
 * Whatever does not fit this (another write to rsp or rbp, a slot above the frame, a way out under a frame) is reported: a
 * frame that is half carried over would be wrong code.
 */
public final class SharedFrame {
    private static final String REMEDY =
            "have each way out take down what the way in made, or declare the stencil in an interface without"
                    + " @Stencils(frame = true)";

    private final MovableLines movable;
    private final Blocks blocks;
    private final Diagnostics diagnostics;
    private final Prologue prologue;
    private final Set<Line> removed = java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
    private final Set<Line> exits = java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());

    private SharedFrame(MovableLines movable, Diagnostics diagnostics) {
        this.movable = movable;
        this.diagnostics = diagnostics;
        blocks = new Blocks(movable.lines());
        prologue = Prologue.of(movable.lines());
    }

    /** The lines without a frame of their own; as they are where they say themselves where the frame begins and ends. */
    public static List<Line> of(List<Line> lines, Diagnostics diagnostics) {
        if (lines.stream().anyMatch(line -> line instanceof Line.Enter || line instanceof Line.Leave)) {
            return lines;
        }
        boolean plain = lines.stream()
                .allMatch(line -> line instanceof Instruction
                        || line instanceof Line.LabelDefinition
                        || line instanceof Line.Frame);
        Optional<MovableLines> movable = plain ? MovableLines.of(lines) : Optional.empty();
        if (movable.isEmpty()) {
            return withoutFollowing(lines, diagnostics);
        }
        return new SharedFrame(movable.get(), diagnostics).shared().orElse(lines);
    }

    /** Where Java or sections stand between, the stack must be left alone. */
    private static List<Line> withoutFollowing(List<Line> lines, Diagnostics diagnostics) {
        List<Line> all = new ArrayList<>();
        for (Line line : lines) {
            if (line instanceof Instruction instruction) {
                if (StackUse.changesFrame(instruction)) {
                    report(line, "'" + line + "' cannot be followed between lines of Java or sections", diagnostics);
                    return lines;
                }
                if (StackUse.leavesPiece(instruction)) {
                    all.add(new Line.Leave(line.span()));
                }
            }
            all.add(line);
        }
        return all;
    }

    private static void report(Line line, String message, Diagnostics diagnostics) {
        diagnostics.report(DiagnosticCode.UNSHARED_FRAME, line.span(), message, REMEDY);
    }

    private Optional<List<Line>> shared() {
        if (!follow()) {
            return Optional.empty();
        }
        List<Line> all = new ArrayList<>();
        List<Line> lines = movable.lines();
        boolean calls = lines.stream()
                .anyMatch(line -> line instanceof Instruction instruction
                        && instruction.mnemonic().equals("call"));
        if (prologue.bytes().isPresent() || calls) {
            all.add(new Line.Frame(
                    Expression.of(prologue.bytes().orElse(0)), lines.get(0).span()));
        }
        for (Line line : lines) {
            if (exits.contains(line)) {
                all.add(new Line.Leave(line.span()));
            }
            if (!removed.contains(line) && !prologue.lines().contains(line)) {
                all.add(line);
            }
        }
        return Optional.of(movable.settled(all));
    }

    /** Follows the stack on all ways; whether they agree. */
    private boolean follow() {
        Map<Integer, StackState> atEntry = new HashMap<>();
        Deque<Integer> open = new ArrayDeque<>();
        enter(0, prologue.entry(), atEntry, open);
        for (int b = 1; b < blocks.continuation(); b++) {
            boolean entered = blocks.lines(b).stream()
                    .anyMatch(line -> line instanceof Line.LabelDefinition definition
                            && LocalLabels.number(definition.label()) < 0);
            if (entered && !enter(b, StackState.DOWN, atEntry, open)) {
                return false;
            }
        }
        while (!open.isEmpty()) {
            int block = open.remove();
            Optional<StackState> end = through(block, atEntry.get(block));
            if (end.isEmpty()) {
                return false;
            }
            for (int next : blocks.successors(block)) {
                if (next == blocks.continuation()) {
                    if (!end.get().isDown()) {
                        return fail(lastOf(block), "the stencil ends with its own frame on the stack");
                    }
                } else if (!enter(next, end.get(), atEntry, open)) {
                    return false;
                }
            }
        }
        return true;
    }

    private Line lastOf(int block) {
        List<Line> lines = blocks.lines(block);
        return lines.isEmpty() ? movable.lines().get(movable.lines().size() - 1) : lines.get(lines.size() - 1);
    }

    private boolean enter(int block, StackState state, Map<Integer, StackState> atEntry, Deque<Integer> open) {
        StackState known = atEntry.putIfAbsent(block, state);
        if (known == null) {
            open.add(block);
            return true;
        }
        return known.equals(state)
                || fail(blocks.lines(block).get(0), "the stack differs between the ways that lead here");
    }

    private boolean fail(Line line, String message) {
        report(line, message, diagnostics);
        return false;
    }

    private Optional<StackState> through(int block, StackState entry) {
        StackState state = entry;
        for (Line line : blocks.lines(block)) {
            if (!(line instanceof Instruction instruction) || prologue.lines().contains(line)) {
                continue;
            }
            StackUse use = new StackUse(instruction, prologue);
            Optional<String> mistake = use.mistake(state);
            if (mistake.isPresent()) {
                fail(line, mistake.get());
                return Optional.empty();
            }
            if (use.takesDown(state)) {
                removed.add(line);
            }
            if (StackUse.leavesPiece(instruction)) {
                exits.add(line);
            }
            state = use.after(state);
        }
        return Optional.of(state);
    }
}
