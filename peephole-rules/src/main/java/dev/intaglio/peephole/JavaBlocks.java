package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Line;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Finds the blocks of the Java lines of a stencil, and by them the flow; the numbers are those of {@link JavaFlow}'s rules. */
final class JavaBlocks {
    /** A block that is open: its first line, its arms after the first, and whether the last one is a plain else. */
    private record Block(
            int line, boolean loop, boolean choice, String section, List<Integer> arms, boolean otherwise) {
        Block withArm(int arm, boolean last) {
            List<Integer> all = new ArrayList<>(arms);
            all.add(arm);
            return new Block(line, loop, choice, section, all, last);
        }
    }

    private final List<List<Integer>> successors = new ArrayList<>();
    private final boolean[] leaves;
    private final boolean[] calls;
    private final boolean[] arms;
    private final List<Integer> javaLines = new ArrayList<>();
    private final List<Integer> jumping = new ArrayList<>();
    private final Deque<Block> open = new ArrayDeque<>();
    private String section = "code";
    private boolean loops;

    private JavaBlocks(int lines) {
        for (int at = 0; at < lines; at++) {
            successors.add(new ArrayList<>());
        }
        leaves = new boolean[lines];
        calls = new boolean[lines];
        arms = new boolean[lines];
    }

    /** The flow; empty where the lines are not plain structure. */
    static Optional<JavaFlow> flow(List<Line> lines) {
        JavaBlocks blocks = new JavaBlocks(lines.size());
        for (int at = 0; at < lines.size(); at++) {
            if (lines.get(at) instanceof Line.SectionSwitch change) {
                blocks.section = change.section();
            }
            if (lines.get(at) instanceof Line.Java java) {
                Optional<JavaLine> line = JavaLine.of(java.source());
                if (line.isEmpty() || !blocks.add(at, line.get())) {
                    return Optional.empty();
                }
            }
        }
        return blocks.finish();
    }

    /** False where the line does not fit those before it. */
    private boolean add(int at, JavaLine line) {
        javaLines.add(at);
        leaves[at] = line.leaves();
        calls[at] = line.calls();
        if (line.jumps()) {
            jumping.add(at);
        }
        // Where control arrives, the section must be the one that the text suggests.
        boolean jumpsAway =
                line.jumps() && !open.isEmpty() && !open.peekLast().section().equals(section);
        if (jumpsAway || (line.arrives() || line.closes()) && !isInside()) {
            return false;
        }
        Optional<Block> closed = line.closes() ? Optional.of(open.pop()) : Optional.empty();
        if (line.isElse()) {
            return closed.isPresent() && addArm(closed.get(), at, line);
        }
        closed.ifPresent(block -> close(block, at));
        if (line.head().isPresent()) {
            loops |= line.opensLoop();
            open.push(new Block(at, line.opensLoop(), line.opensSwitch(), section, List.of(), false));
        }
        return true;
    }

    /** Whether the innermost block began in this section. */
    private boolean isInside() {
        return !open.isEmpty() && open.peek().section().equals(section);
    }

    // (1)
    private boolean addArm(Block closed, int at, JavaLine line) {
        if (closed.loop() || closed.choice() || line.opensLoop() || line.opensSwitch()) {
            return false;
        }
        successors.get(closed.line()).add(at + 1);
        calls[closed.line()] |= calls[at];
        arms[at] = true;
        open.push(closed.withArm(at, line.isLastElse()));
        return true;
    }

    private void close(Block closed, int at) {
        for (int arm : closed.arms()) {
            successors.get(arm).add(at);
        }
        if (!closed.otherwise()) {
            successors.get(closed.line()).add(at);
        }
        // (2)
        if (closed.loop()) {
            successors.get(at).add(closed.line());
        }
        // (3)
        if (closed.choice()) {
            connect(javaLines.subList(javaLines.indexOf(closed.line()), javaLines.size()));
        }
    }

    private void connect(List<Integer> region) {
        for (int from : region) {
            successors.get(from).addAll(region);
        }
    }

    private Optional<JavaFlow> finish() {
        // (4)
        for (int at : jumping) {
            successors.get(at).addAll(javaLines);
        }
        return open.isEmpty() ? Optional.of(new JavaFlow(successors, leaves, calls, arms, loops)) : Optional.empty();
    }
}
