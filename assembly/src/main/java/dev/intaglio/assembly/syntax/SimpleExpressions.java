package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.ir.ExpressionType;
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
    private record Token(String text, int at) {}

    private static final List<Set<String>> LEVELS = List.of(
            Set.of("|"), Set.of("^"), Set.of("&"), Set.of("<<", ">>", ">>>"), Set.of("+", "-"), Set.of("*", "/", "%"));
    private static final Set<String> PRIMITIVES =
            Set.of("byte", "short", "char", "int", "long", "double", "float", "boolean");
    private static final Set<String> KEYWORDS = Set.of("null", "this", "super", "new", "switch");
    private static final Token END = new Token("", 0);

    private final List<Token> tokens;
    private int at;

    private SimpleExpressions(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** The expression, or empty where it takes the full grammar to tell. */
    static Optional<Node> parse(String source) {
        Optional<List<Token>> tokens = tokens(source);
        if (tokens.isEmpty()) {
            return Optional.empty();
        }
        SimpleExpressions parser = new SimpleExpressions(tokens.get());
        Optional<Node> node = parser.binary(0);
        return parser.at == parser.tokens.size() ? node : Optional.empty();
    }

    private String peek(int ahead) {
        return at + ahead < tokens.size() ? tokens.get(at + ahead).text() : END.text();
    }

    private boolean take(String text) {
        boolean found = peek(0).equals(text);
        at += found ? 1 : 0;
        return found;
    }

    private Optional<Node> binary(int level) {
        if (level == LEVELS.size()) {
            return unary();
        }
        Optional<Node> left = binary(level + 1);
        while (left.isPresent() && LEVELS.get(level).contains(peek(0))) {
            String operator = tokens.get(at++).text();
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
        Token token = tokens.get(at++);
        String text = token.text();
        if (text.equals("-") && IntegerLiterals.isSmallest(peek(0))) {
            return IntegerLiterals.negated(tokens.get(at++).text());
        }
        if (text.equals("-") || text.equals("+") || text.equals("~")) {
            return unary().map(operand -> new Node.Unary(text, operand));
        }
        if (text.equals("(")) {
            return parenthesized();
        }
        if (isDigit(text.charAt(0))) {
            return IntegerLiterals.parse(text).map(literal -> literal);
        }
        if (text.equals("true") || text.equals("false")) {
            return Optional.of(new Node.Literal(text.equals("true") ? 1 : 0, ExpressionType.BOOLEAN));
        }
        if (!Scanner.isWordStart(text.charAt(0)) || KEYWORDS.contains(text) || text.endsWith(".class")) {
            return Optional.empty();
        }
        return peek(0).equals("(") ? registerFamily(token) : Optional.of(new Node.Name(text, token.at()));
    }

    /** What follows an opening parenthesis: a cast, or an expression and the closing one. */
    private Optional<Node> parenthesized() {
        if (peek(1).equals(")")) {
            String word = peek(0);
            if (PRIMITIVES.contains(word)) {
                at += 2;
                return unary().map(operand -> new Node.Cast(word, operand));
            }
            String behind = peek(2);
            boolean maybeCast = Scanner.isName(word)
                    && !behind.isEmpty()
                    && (behind.equals("(")
                            || behind.equals("~")
                            || isDigit(behind.charAt(0))
                            || Scanner.isWordStart(behind.charAt(0)));
            if (maybeCast) {
                return Optional.empty(); // (Type) x, for the full grammar
            }
        }
        Optional<Node> inner = binary(0);
        return take(")") ? inner.map(Node.Parenthesized::new) : Optional.empty();
    }

    /** {@code Rq(expression)}; other calls take the full grammar. */
    private Optional<Node> registerFamily(Token name) {
        if (RegisterFamilies.find(name.text()).isEmpty()) {
            return Optional.empty();
        }
        at++;
        Optional<Node> argument = binary(0);
        if (argument.isEmpty() || !take(")")) {
            return Optional.empty();
        }
        Set<String> names = new TreeSet<>();
        collect(argument.get(), names);
        return argument.map(inner -> new Node.Call(name.text(), List.of(inner), name.text() + "(…)", names, name.at()));
    }

    private static void collect(Node node, Set<String> names) {
        if (node instanceof Node.Name name) {
            names.add(name.name());
        } else if (node instanceof Node.Binary binary) {
            collect(binary.left(), names);
            collect(binary.right(), names);
        } else if (node instanceof Node.Unary unary) {
            collect(unary.operand(), names);
        } else if (node instanceof Node.Cast cast) {
            collect(cast.operand(), names);
        } else if (node instanceof Node.Parenthesized inner) {
            collect(inner.inner(), names);
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static Optional<List<Token>> tokens(String source) {
        List<Token> tokens = new ArrayList<>();
        int i = 0;
        while (i < source.length()) {
            char c = source.charAt(i);
            int start = i;
            if (Character.isWhitespace(c)) {
                i++;
                continue;
            }
            if (isDigit(c)) {
                while (i < source.length() && Scanner.isWordPart(source.charAt(i))) {
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
                boolean doubled = i < source.length() && source.charAt(i) == c && "&|+-/".indexOf(c) >= 0;
                boolean comment = c == '/' && i < source.length() && source.charAt(i) == '*';
                if (doubled || comment) {
                    return Optional.empty(); // logical operators, increments
                }
            } else {
                return Optional.empty();
            }
            tokens.add(new Token(source.substring(start, i), start));
        }
        return tokens.isEmpty() ? Optional.empty() : Optional.of(tokens);
    }
}
