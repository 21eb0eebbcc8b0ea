package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.ir.ExpressionType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Numbers, names and arithmetic, which nearly all operands are made of. The full grammar gives the same nodes, but loading
 * its parser takes longer than compiling a stencil.
 */
final class SimpleExpressions {
    private static final List<Set<String>> LEVELS = List.of(
            Set.of("|"), Set.of("^"), Set.of("&"), Set.of("<<", ">>", ">>>"), Set.of("+", "-"), Set.of("*", "/", "%"));

    private final List<String> tokens;
    private int at;

    private SimpleExpressions(List<String> tokens) {
        this.tokens = tokens;
    }

    /** The expression, or empty where it takes the full grammar to tell. */
    static Optional<Node> parse(String source) {
        Optional<List<String>> tokens = tokens(source);
        if (tokens.isEmpty()) {
            return Optional.empty();
        }
        SimpleExpressions parser = new SimpleExpressions(tokens.get());
        Optional<Node> node = parser.binary(0);
        return parser.at == parser.tokens.size() ? node : Optional.empty();
    }

    /**
     * A Java integer literal; one that is too large for an int is a long, also without the suffix.
     *
     * @throws NumberFormatException where the text is no integer literal of 64 bits
     */
    static Node.Literal number(String literal) {
        String digits = literal.replace("_", "");
        boolean isLong = digits.endsWith("L") || digits.endsWith("l");
        digits = isLong ? digits.substring(0, digits.length() - 1) : digits;
        int radix = 10;
        if (digits.startsWith("0x") || digits.startsWith("0X")) {
            radix = 16;
            digits = digits.substring(2);
        } else if (digits.startsWith("0b") || digits.startsWith("0B")) {
            radix = 2;
            digits = digits.substring(2);
        } else if (digits.length() > 1 && digits.startsWith("0")) {
            radix = 8;
        }
        BigInteger value = new BigInteger(digits, radix);
        if (value.bitLength() > 64) {
            throw new NumberFormatException(literal + " does not fit 64 bits");
        }
        if (radix != 10 && !isLong && value.bitLength() == 32) {
            // Java would take 0xffffffff for the int -1; in assembly it is the number as written.
            return new Node.Literal(value.longValue(), ExpressionType.LONG);
        }
        boolean fits = value.bitLength() < 32;
        return new Node.Literal(value.longValue(), isLong || !fits ? ExpressionType.LONG : ExpressionType.INT);
    }

    private Optional<Node> binary(int level) {
        if (level == LEVELS.size()) {
            return unary();
        }
        Optional<Node> left = binary(level + 1);
        while (left.isPresent() && at < tokens.size() && LEVELS.get(level).contains(tokens.get(at))) {
            String operator = tokens.get(at++);
            Optional<Node> right = binary(level + 1);
            if (right.isEmpty()) {
                return right;
            }
            left = Optional.of(new Node.Binary(operator, left.get(), right.get()));
        }
        return left;
    }

    private Optional<Node> unary() {
        if (at == tokens.size()) {
            return Optional.empty();
        }
        String token = tokens.get(at++);
        char first = token.charAt(0);
        if (token.equals("-") || token.equals("+") || token.equals("~")) {
            return unary().map(operand -> new Node.Unary(token, operand));
        }
        if (token.equals("(")) {
            // "(int) x" and "(Type) x" are casts; only the full grammar can tell them from "(x)".
            boolean maybeCast = at + 1 < tokens.size()
                    && Scanner.isWordStart(tokens.get(at).charAt(0))
                    && tokens.get(at + 1).equals(")");
            Optional<Node> inner = maybeCast ? Optional.empty() : binary(0);
            if (inner.isEmpty() || at == tokens.size() || !tokens.get(at++).equals(")")) {
                return Optional.empty();
            }
            return inner.map(Node.Parenthesized::new);
        }
        if (Character.isDigit(first)) {
            try {
                return Optional.of(number(token));
            } catch (NumberFormatException notAnInteger) {
                return Optional.empty();
            }
        }
        if (!Scanner.isWordStart(first) || token.equals("true") || token.equals("false")) {
            return Optional.empty();
        }
        if (at < tokens.size() && tokens.get(at).equals("(")) {
            return registerFamily(token);
        }
        return Optional.of(new Node.Name(token));
    }

    /** {@code Rq(expression)}; other calls take the full grammar. */
    private Optional<Node> registerFamily(String name) {
        if (RegisterFamilies.find(name).isEmpty()) {
            return Optional.empty();
        }
        at++;
        Optional<Node> argument = binary(0);
        if (argument.isEmpty() || at == tokens.size() || !tokens.get(at++).equals(")")) {
            return Optional.empty();
        }
        Set<String> names = new TreeSet<>();
        collect(argument.get(), names);
        return argument.map(inner -> new Node.Call(name, List.of(inner), name + "(" + ")", names));
    }

    private static void collect(Node node, Set<String> names) {
        if (node instanceof Node.Name name) {
            names.add(name.name());
        } else if (node instanceof Node.Binary binary) {
            collect(binary.left(), names);
            collect(binary.right(), names);
        } else if (node instanceof Node.Unary unary) {
            collect(unary.operand(), names);
        } else if (node instanceof Node.Parenthesized inner) {
            collect(inner.inner(), names);
        }
    }

    private static Optional<List<String>> tokens(String source) {
        List<String> tokens = new ArrayList<>();
        int i = 0;
        while (i < source.length()) {
            char c = source.charAt(i);
            int start = i;
            if (Character.isWhitespace(c)) {
                i++;
                continue;
            }
            if (Character.isDigit(c)) {
                while (i < source.length()
                        && (Character.isLetterOrDigit(source.charAt(i)) || source.charAt(i) == '_')) {
                    i++;
                }
                if (i < source.length() && source.charAt(i) == '.') {
                    return Optional.empty();
                }
            } else if (Scanner.isWordStart(c)) {
                while (i < source.length()
                        && (Scanner.isWordPart(source.charAt(i))
                                || source.charAt(i) == '.'
                                        && i + 1 < source.length()
                                        && Scanner.isWordStart(source.charAt(i + 1)))) {
                    i++;
                }
            } else if (source.startsWith(">>>", i)) {
                i += 3;
            } else if (source.startsWith("<<", i) || source.startsWith(">>", i)) {
                i += 2;
            } else if ("+-*/%&|^~()".indexOf(c) >= 0) {
                i++;
                boolean doubled = i < source.length() && source.charAt(i) == c && "&|+-".indexOf(c) >= 0;
                if (doubled) {
                    return Optional.empty(); // logical operators, increments
                }
            } else {
                return Optional.empty();
            }
            tokens.add(source.substring(start, i));
        }
        return tokens.isEmpty() ? Optional.empty() : Optional.of(tokens);
    }
}
