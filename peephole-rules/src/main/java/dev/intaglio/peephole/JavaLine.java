package dev.intaglio.peephole;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a line of Java does for the structure of those around it.
 *
 * @param head what stands before the brace that opens a block, perhaps nothing; empty where none is opened
 * @param closes whether it begins with the brace that closes a block
 * @param leaves whether it returns or throws
 * @param calls whether it calls something
 * @param jumps whether it breaks or continues
 * @param arrives whether it is the label of a case
 */
record JavaLine(Optional<String> head, boolean closes, boolean leaves, boolean calls, boolean jumps, boolean arrives) {
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

    /** Empty for a line that is not plain: half a statement, a try, a class. */
    static Optional<JavaLine> of(String source) {
        String text = LITERAL.matcher(source).replaceAll("").trim();
        Matcher opening = OPENING.matcher(text);
        boolean opens = opening.matches() && balanced(opening.group("head"));
        boolean closes =
                opens ? opening.group("close") != null : CLOSING.matcher(text).matches();
        if (STRANGE.matcher(text).find() || !opens && !closes && !isWholeStatement(text)) {
            return Optional.empty();
        }
        return Optional.of(new JavaLine(
                opens ? Optional.of(opening.group("head")) : Optional.empty(),
                closes,
                LEAVES.matcher(text).find(),
                CALL.matcher(text).find(),
                JUMPS.matcher(text).find(),
                CASE.matcher(text).matches()));
    }

    /** Whether it opens another arm of an if. */
    boolean isElse() {
        return head.isPresent() && head.get().startsWith("else");
    }

    /** Whether it opens the arm that is taken where no other is. */
    boolean isLastElse() {
        return head.isPresent() && head.get().equals("else");
    }

    boolean opensLoop() {
        return head.isPresent() && LOOP.matcher(head.get()).find();
    }

    boolean opensSwitch() {
        return head.isPresent() && SWITCH.matcher(head.get()).find();
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
