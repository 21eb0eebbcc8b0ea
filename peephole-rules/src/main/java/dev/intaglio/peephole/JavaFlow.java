package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Line;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

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
    private static final Pattern LITERAL =
            Pattern.compile("\"(\\\\.|[^\"\\\\])*\"|'(\\\\.|[^'\\\\])*'|//.*|/\\*.*?\\*/");
    private static final Pattern OPENING = Pattern.compile(
            "(?<close>})?\\s*(?<head>if\\b.*|else\\s+if\\b.*|else|for\\b.*|while\\b.*|do|switch\\b.*|(case\\b.*|default)\\s*->|)\\s*\\{");
    private static final Pattern CLOSING = Pattern.compile("}\\s*(while\\b.*;)?");
    private static final Pattern HEADLESS = Pattern.compile("(if|else|for|while|do|switch|try)\\b.*");
    private static final Pattern CASE = Pattern.compile("(case\\b.*|default)\\s*:.*");
    private static final Pattern LEAVES = Pattern.compile("\\b(return|throw)\\b");
    private static final Pattern JUMPS = Pattern.compile("\\b(break|continue|yield)\\b");
    private static final Pattern LOOP = Pattern.compile("\\b(for|while|do)\\b");
    private static final Pattern SWITCH = Pattern.compile("\\bswitch\\b");
    private static final Pattern STRANGE =
            Pattern.compile("\\b(try|catch|finally|synchronized|class|record)\\b|/\\*|\"\"\"");
    private static final Pattern CALL =
            Pattern.compile("\\b(?!(?:if|for|while|switch|return|throw|case)\\b)\\w+\\s*\\(");

    /** A block that is open: its first line, its arms after the first, and whether the last one is a plain else. */
    private record Block(
            int line, boolean loop, boolean choice, String section, List<Integer> arms, boolean otherwise) {
        Block withArm(int arm, boolean last) {
            List<Integer> all = new ArrayList<>(arms);
            all.add(arm);
            return new Block(line, loop, choice, section, all, last);
        }
    }

    /** The flow of these lines; empty where the Java between them is not plain structure. */
    static Optional<JavaFlow> of(List<Line> lines) {
        List<List<Integer>> successors = new ArrayList<>();
        lines.forEach(line -> successors.add(new ArrayList<>()));
        boolean[] leaves = new boolean[lines.size()];
        boolean[] calls = new boolean[lines.size()];
        boolean[] arms = new boolean[lines.size()];
        boolean loops = false;
        List<Integer> javaLines = new ArrayList<>();
        List<Integer> jumping = new ArrayList<>();
        Deque<Block> open = new ArrayDeque<>();
        String section = "code";
        for (int at = 0; at < lines.size(); at++) {
            if (lines.get(at) instanceof Line.SectionSwitch change) {
                section = change.section();
            }
            if (!(lines.get(at) instanceof Line.Java java)) {
                continue;
            }
            String text = LITERAL.matcher(java.source()).replaceAll("").trim();
            if (STRANGE.matcher(text).find()) {
                return Optional.empty();
            }
            javaLines.add(at);
            leaves[at] = LEAVES.matcher(text).find();
            calls[at] = CALL.matcher(text).find();
            boolean jumps = JUMPS.matcher(text).find();
            if (jumps) {
                jumping.add(at);
            }
            // Where control arrives, the section must be the one that the text suggests.
            boolean jumpsAway =
                    jumps && !open.isEmpty() && !open.peekLast().section().equals(section);
            boolean arrives = CASE.matcher(text).matches();
            if (jumpsAway
                    || arrives && (open.isEmpty() || !open.peek().section().equals(section))) {
                return Optional.empty();
            }
            var opening = OPENING.matcher(text);
            boolean opens = opening.matches() && balanced(opening.group("head"));
            boolean closes = opens
                    ? opening.group("close") != null
                    : CLOSING.matcher(text).matches();
            if (!opens && !closes && !isWholeStatement(text)) {
                return Optional.empty();
            }
            Optional<Block> popped = Optional.empty();
            if (closes) {
                if (open.isEmpty() || !open.peek().section().equals(section)) {
                    return Optional.empty();
                }
                popped = Optional.of(open.pop());
            }
            if (popped.isPresent() && opens && opening.group("head").startsWith("else")) {
                Block closed = popped.get();
                // (1)
                String head = opening.group("head");
                if (closed.loop()
                        || closed.choice()
                        || LOOP.matcher(head).find()
                        || SWITCH.matcher(head).find()) {
                    return Optional.empty();
                }
                successors.get(closed.line()).add(at + 1);
                calls[closed.line()] |= calls[at];
                arms[at] = true;
                open.push(closed.withArm(at, head.equals("else")));
                continue;
            }
            if (popped.isPresent()) {
                Block closed = popped.get();
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
                    connect(javaLines.subList(javaLines.indexOf(closed.line()), javaLines.size()), successors);
                }
            }
            if (opens) {
                String head = opening.group("head");
                if (head.startsWith("else")) {
                    return Optional.empty();
                }
                boolean loop = LOOP.matcher(head).find();
                loops |= loop;
                open.push(new Block(at, loop, SWITCH.matcher(head).find(), section, List.of(), false));
            }
        }
        // (4)
        for (int at : jumping) {
            successors.get(at).addAll(javaLines);
        }
        return open.isEmpty() ? Optional.of(new JavaFlow(successors, leaves, calls, arms, loops)) : Optional.empty();
    }

    private static void connect(List<Integer> region, List<List<Integer>> successors) {
        for (int from : region) {
            successors.get(from).addAll(region);
        }
    }

    /** A statement, or several, that need nothing of the lines before and after; a case label; or nothing. */
    private static boolean isWholeStatement(String text) {
        if (text.isEmpty() || CASE.matcher(text).matches() && text.endsWith(":")) {
            return true;
        }
        boolean ends = text.endsWith(";") || text.endsWith("}");
        boolean headWithoutBody = HEADLESS.matcher(text).matches() && text.matches("(for|while|do|switch)\\b.*");
        return ends && balanced(text) && !headWithoutBody && !text.startsWith("else");
    }

    private static boolean balanced(String text) {
        int depth = 0;
        int parentheses = 0;
        for (char each : text.toCharArray()) {
            depth += each == '{' ? 1 : each == '}' ? -1 : 0;
            parentheses += each == '(' ? 1 : each == ')' ? -1 : 0;
            if (depth < 0 || parentheses < 0) {
                return false;
            }
        }
        return depth == 0 && parentheses == 0;
    }
}
