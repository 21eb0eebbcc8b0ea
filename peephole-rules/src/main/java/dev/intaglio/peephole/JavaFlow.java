package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Line;
import java.util.List;
import java.util.Optional;

/**
 * Where control may go at the Java lines of a stencil, while code is emitted. The order of the emitted instructions
 * follows it, so liveness has to.
 *
 * <p>Only plain structure is understood: lines that end with <code>{</code>, <code>}</code> or <code>;</code>, with if, else,
 * for, while, do and switch. {@link #of} is empty for anything else. Every Java line leads to the next one, and besides:
 *
 * <ol>
 *   <li>a line that opens a block leads to the line that closes it, or to each other arm of an if; the lines between the
 *       arms lead to the end of the last arm and nowhere else;
 *   <li>the line that closes a loop leads to the line that opened it;
 *   <li>within a switch, from its first line to its last, every Java line leads to every other;
 *   <li>a line with break or continue leads to all Java lines;
 *   <li>a line with return or throw leads out of the stencil.
 * </ol>
 *
 * @param successors for each line the lines that it leads to beside the next one
 * @param leaves for each line whether it may leave the stencil
 * @param calls for each line whether it calls something, which may emit code of its own
 * @param arms for each line whether it stands between two arms, so that it does not lead to the next line
 * @param loops whether a line can be emitted more than once
 */
record JavaFlow(List<List<Integer>> successors, boolean[] leaves, boolean[] calls, boolean[] arms, boolean loops) {
    /** The flow of these lines; empty where the Java between them is not plain structure. */
    static Optional<JavaFlow> of(List<Line> lines) {
        return JavaBlocks.flow(lines);
    }
}
