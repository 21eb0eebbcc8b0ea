package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.assembly.ir.Scope;
import dev.intaglio.assembly.machine.Register;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Parses and types the expression of an operand, and takes its top-level sum apart. */
final class ExpressionParser {
    /** A term of a top-level sum. */
    record Term(boolean negative, Node node) {}

    private static final int LONGEST = 2_000;

    private final Typer typer;
    private final Scope scope;

    ExpressionParser(Scope scope) {
        this(scope, new Typer(scope, false));
    }

    private ExpressionParser(Scope scope, Typer typer) {
        this.scope = scope;
        this.typer = typer;
    }

    /** A parser of conditions on options of the processor. */
    static ExpressionParser ofOptions(Scope options) {
        return new ExpressionParser(options, new Typer(options, true));
    }

    Scope scope() {
        return scope;
    }

    Node parse(Text text) throws SyntaxError {
        Text source = text.strip();
        if (source.length() == 0) {
            throw new SyntaxError(
                    DiagnosticCode.UNEXPECTED_TOKEN, text.span(), "expected an expression, found nothing");
        }
        if (source.length() > LONGEST) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_EXPRESSION,
                    source.span(),
                    "this expression has more than " + LONGEST + " chars",
                    "give a part of it a name in a Java line");
        }
        Optional<Node> simple = SimpleExpressions.parse(source.chars());
        if (simple.isPresent()) {
            return simple.get();
        }
        try {
            return JavaExpressions.parse(source.chars());
        } catch (JavaExpressions.SyntaxException wrong) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_EXPRESSION,
                    source.span(wrong.at(), source.length()),
                    "'" + source + "' is no operand: " + wrong.getMessage(),
                    source.chars().matches("[0-9][0-9a-fA-F]*[hH]")
                            ? Optional.of("hexadecimal numbers are written 0xff")
                            : Optional.empty());
        }
    }

    /** The terms that top-level plus and minus join. */
    static List<Term> terms(Node node) {
        List<Term> terms = new ArrayList<>();
        collect(node, false, terms);
        return terms;
    }

    private static void collect(Node node, boolean negative, List<Term> terms) {
        if (node instanceof Node.Binary binary
                && (binary.operator().equals("+") || binary.operator().equals("-"))) {
            collect(binary.left(), negative, terms);
            collect(binary.right(), negative ^ binary.operator().equals("-"), terms);
        } else if (node instanceof Node.Unary unary
                && (unary.operator().equals("-") || unary.operator().equals("+"))) {
            collect(unary.operand(), negative ^ unary.operator().equals("-"), terms);
        } else {
            terms.add(new Term(negative, node));
        }
    }

    /** The value of a number operand: its sum and its products with constants are computed in 64 bits. */
    Expression number(Text text) throws SyntaxError {
        return number(parse(text), text);
    }

    Expression number(Node node, Text text) throws SyntaxError {
        List<Term> terms = terms(node);
        if (terms.size() == 1 && !terms.get(0).negative()) {
            return requireNumber(term(terms.get(0).node(), text), terms.get(0).node(), text);
        }
        Expression sum = Expression.ZERO;
        for (Term term : terms) {
            if (type(term.node(), text).type() == ExpressionType.DOUBLE) {
                return requireNumber(type(node, text), node, text); // a sum of doubles is Java's
            }
            sum = add(sum, term, text);
        }
        return sum;
    }

    /** Any expression, by Java's rules alone. */
    Expression plain(Text text) throws SyntaxError {
        return type(parse(text), text);
    }

    /** A sum with one more term, in 64 bits. */
    Expression add(Expression sum, Term term, Text text) throws SyntaxError {
        Expression value = requireNumber(term(term.node(), text), term.node(), text);
        if (value.type() == ExpressionType.DOUBLE || value.type() == ExpressionType.BOOLEAN) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_EXPRESSION,
                    place(term.node(), text),
                    "'" + value + "' is " + Typer.described(value) + " and cannot be part of a sum",
                    value.type() == ExpressionType.DOUBLE ? "write (long) " + value : "write (" + value + " ? 1 : 0)");
        }
        return Expression.sum(sum, term.negative() ? Expression.product(value, -1) : value);
    }

    /** A term: a product with a constant is the assembler's, everything else is Java's. */
    Expression term(Node node, Text text) throws SyntaxError {
        if (node instanceof Node.Binary product && product.operator().equals("*")) {
            Expression left = term(product.left(), text);
            Expression right = term(product.right(), text);
            boolean whole = isWhole(left) && isWhole(right);
            if (whole && right.isConstant()) {
                return Expression.product(left, right.constant().getAsLong());
            }
            if (whole && left.isConstant()) {
                return Expression.product(right, left.constant().getAsLong());
            }
        }
        return type(node, text);
    }

    Expression type(Node node, Text text) throws SyntaxError {
        try {
            return typer.type(node);
        } catch (Typer.TypeException wrong) {
            throw error(wrong, text);
        }
    }

    private static boolean isWhole(Expression expression) {
        return expression.type().isNumeric() && expression.type() != ExpressionType.DOUBLE;
    }

    private SyntaxError error(Typer.TypeException wrong, Text text) {
        Text source = text.strip();
        Span place = wrong.at() < 0
                ? wordPlace(source, wrong.word())
                : source.span(wrong.at(), wrong.at() + wrong.word().length());
        if (wrong.code() != DiagnosticCode.UNKNOWN_NAME || wrong.help().isPresent()) {
            return new SyntaxError(wrong.code(), place, wrong.getMessage(), wrong.help());
        }
        Optional<String> near = Nearest.within(1, wrong.word(), scope.names());
        Optional<String> register = near.isPresent() ? Optional.empty() : misspelledRegister(wrong.word());
        if (register.isPresent()) {
            return new SyntaxError(
                    DiagnosticCode.UNKNOWN_REGISTER,
                    place,
                    "there is no register '" + wrong.word() + "', and no parameter, variable or constant of that name",
                    "did you mean " + register.get() + "?");
        }
        return new SyntaxError(
                wrong.code(),
                place,
                wrong.getMessage(),
                near.or(() -> Nearest.to(wrong.word(), scope.names()))
                        .filter(name -> !name.equals(wrong.word())) // inherited twice, it is there and means nothing
                        .map(name -> "did you mean " + name + "?"));
    }

    /** The register that differs from a word by one char. */
    private static Optional<String> misspelledRegister(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        return lower.length() < 2 || lower.length() > 6
                ? Optional.empty()
                : Nearest.within(1, lower, Register.allNames());
    }

    private static Expression requireNumber(Expression value, Node node, Text text) throws SyntaxError {
        if (!value.type().isNumeric() && value.type() != ExpressionType.BOOLEAN) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_EXPRESSION,
                    place(node, text),
                    "'" + value + "' is " + Typer.described(value) + ", and a number is needed here",
                    value.type() == ExpressionType.LABEL
                            ? Optional.of("a label is written =>" + value)
                            : Optional.empty());
        }
        return value;
    }

    /** The place of a name or call; the whole text's for anything larger. */
    static Span place(Node node, Text text) {
        Text source = text.strip();
        if (node instanceof Node.Name name) {
            return source.span(name.at(), name.at() + name.name().length());
        }
        if (node instanceof Node.Call call) {
            return source.span(call.at(), call.at() + call.name().length());
        }
        return source.span();
    }

    /** The place of a word within a text; the whole text where it does not occur. */
    static Span wordPlace(Text text, String word) {
        String chars = text.chars();
        for (int i = chars.indexOf(word); i >= 0; i = chars.indexOf(word, i + 1)) {
            boolean starts = i == 0 || !Scanner.isWordPart(chars.charAt(i - 1));
            int end = i + word.length();
            boolean ends = end >= chars.length() || !Scanner.isWordPart(chars.charAt(end));
            if (starts && ends) {
                return text.span(i, end);
            }
        }
        return text.strip().span();
    }
}
