package dev.intaglio.assembly.syntax;

import com.github.javaparser.JavaParser;
import com.github.javaparser.ParseException;
import com.github.javaparser.ParseResult;
import com.github.javaparser.ParserConfiguration;
import com.github.javaparser.Problem;
import com.github.javaparser.Token;
import com.github.javaparser.ast.expr.ArrayAccessExpr;
import com.github.javaparser.ast.expr.AssignExpr;
import com.github.javaparser.ast.expr.BinaryExpr;
import com.github.javaparser.ast.expr.BooleanLiteralExpr;
import com.github.javaparser.ast.expr.CastExpr;
import com.github.javaparser.ast.expr.CharLiteralExpr;
import com.github.javaparser.ast.expr.ClassExpr;
import com.github.javaparser.ast.expr.ConditionalExpr;
import com.github.javaparser.ast.expr.DoubleLiteralExpr;
import com.github.javaparser.ast.expr.EnclosedExpr;
import com.github.javaparser.ast.expr.Expression;
import com.github.javaparser.ast.expr.FieldAccessExpr;
import com.github.javaparser.ast.expr.InstanceOfExpr;
import com.github.javaparser.ast.expr.IntegerLiteralExpr;
import com.github.javaparser.ast.expr.LambdaExpr;
import com.github.javaparser.ast.expr.LiteralStringValueExpr;
import com.github.javaparser.ast.expr.LongLiteralExpr;
import com.github.javaparser.ast.expr.MethodCallExpr;
import com.github.javaparser.ast.expr.MethodReferenceExpr;
import com.github.javaparser.ast.expr.NameExpr;
import com.github.javaparser.ast.expr.NullLiteralExpr;
import com.github.javaparser.ast.expr.ObjectCreationExpr;
import com.github.javaparser.ast.expr.PatternExpr;
import com.github.javaparser.ast.expr.StringLiteralExpr;
import com.github.javaparser.ast.expr.SwitchExpr;
import com.github.javaparser.ast.expr.TextBlockLiteralExpr;
import com.github.javaparser.ast.expr.ThisExpr;
import com.github.javaparser.ast.expr.UnaryExpr;
import com.github.javaparser.ast.nodeTypes.NodeWithTraversableScope;
import com.github.javaparser.printer.configuration.DefaultPrinterConfiguration;
import dev.intaglio.assembly.ir.ExpressionType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The full Java grammar of expressions, for what {@link SimpleExpressions} leaves alone. */
final class JavaExpressions {
    private static final Pattern LEXICAL = Pattern.compile("Lexical error at line \\d+, column (\\d+)");

    /** The text is no Java expression: why, and from which char on. */
    static final class SyntaxException extends Exception {
        private static final long serialVersionUID = 1L;
        private final int at;

        SyntaxException(String message, int at) {
            super(message);
            this.at = at;
        }

        int at() {
            return at;
        }
    }

    private JavaExpressions() {}

    static Node parse(String source) throws SyntaxException {
        // The parser knows columns, not offsets: only a text of one line has columns that are offsets.
        String line = source.replaceAll("[\\p{Cntrl}\\u2028\\u2029\\u0085]", " ");
        JavaParser parser = new JavaParser(new ParserConfiguration()
                .setLanguageLevel(ParserConfiguration.LanguageLevel.JAVA_17)
                .setTabSize(1));
        ParseResult<Expression> result;
        try {
            result = parser.parseExpression(line);
        } catch (StackOverflowError tooDeep) {
            throw new SyntaxException("it is nested too deeply", 0);
        }
        if (!result.isSuccessful() || result.getResult().isEmpty()) {
            throw result.getProblems().isEmpty()
                    ? new SyntaxException("not a Java expression", 0)
                    : problem(result.getProblems().get(0), line.length());
        }
        return node(result.getResult().get());
    }

    private static SyntaxException problem(Problem problem, int length) {
        String message = problem.getMessage().lines().findFirst().orElse("");
        Matcher lexical = LEXICAL.matcher(message);
        if (lexical.lookingAt()) {
            int at = Integer.parseInt(lexical.group(1)) - 1;
            return new SyntaxException("no literal or operator of Java ends here", Math.min(at, length - 1));
        }
        if (problem.getCause().orElse(null) instanceof ParseException parse && parse.currentToken.next != null) {
            Token found = parse.currentToken.next;
            return found.image.isEmpty()
                    ? new SyntaxException("more is expected behind it", length)
                    : new SyntaxException("'" + found.image + "' is not expected here", found.beginColumn - 1);
        }
        return new SyntaxException(message, 0);
    }

    private static int offset(Expression expression) {
        return expression.getBegin().map(begin -> begin.column - 1).orElse(0);
    }

    private static Node node(Expression expression) throws SyntaxException {
        if (expression instanceof EnclosedExpr enclosed) {
            return new Node.Parenthesized(node(enclosed.getInner()));
        }
        if (expression instanceof LiteralStringValueExpr literal
                && (literal instanceof IntegerLiteralExpr || literal instanceof LongLiteralExpr)) {
            return IntegerLiterals.parse(literal.getValue())
                    .orElseThrow(() -> new SyntaxException(
                            "'" + literal.getValue() + "' is no integer of Java with up to 64 bits", offset(literal)));
        }
        if (expression instanceof CharLiteralExpr literal) {
            return character(literal);
        }
        if (expression instanceof BooleanLiteralExpr literal) {
            return new Node.Literal(literal.getValue() ? 1 : 0, ExpressionType.BOOLEAN);
        }
        if (expression instanceof DoubleLiteralExpr literal) {
            return decimal(literal);
        }
        if (expression instanceof NameExpr name) {
            return new Node.Name(name.getNameAsString(), offset(name));
        }
        if (expression instanceof FieldAccessExpr field && isQualifiedName(field)) {
            return new Node.Name(field.toString(), offset(field));
        }
        if (expression instanceof UnaryExpr unary && unary.getOperator().isPrefix()) {
            String operator = unary.getOperator().asString();
            if (operator.equals("-")
                    && unary.getExpression() instanceof IntegerLiteralExpr literal
                    && IntegerLiterals.isSmallest(literal.getValue())) {
                return IntegerLiterals.negated(literal.getValue()).orElseThrow();
            }
            if (operator.length() == 1) {
                return new Node.Unary(operator, node(unary.getExpression()));
            }
        }
        if (expression instanceof BinaryExpr binary) {
            return new Node.Binary(binary.getOperator().asString(), node(binary.getLeft()), node(binary.getRight()));
        }
        if (expression instanceof CastExpr cast && cast.getType().isPrimitiveType()) {
            return new Node.Cast(cast.getType().asString(), node(cast.getExpression()));
        }
        if (expression instanceof MethodCallExpr call && call.getScope().isEmpty()) {
            checkJava(call);
            List<Node> arguments = new ArrayList<>();
            for (Expression argument : call.getArguments()) {
                boolean maybeText = argument.findFirst(Expression.class, JavaExpressions::isNoNumber)
                        .isPresent();
                arguments.add(maybeText ? other(argument, new Node.Result.Unknown()) : node(argument));
            }
            return new Node.Call(call.getNameAsString(), arguments, print(call), names(call), offset(call));
        }
        if (isNoNumber(expression)) {
            throw new SyntaxException(
                    "a number is needed, and '" + print(expression) + "' is none", offset(expression));
        }
        if (expression instanceof ConditionalExpr conditional) {
            return conditional(conditional);
        }
        return other(expression, result(expression));
    }

    /** A condition need not be of numbers: javac knows what it compares. */
    private static Node conditional(ConditionalExpr conditional) throws SyntaxException {
        Node then = node(conditional.getThenExpr());
        Node otherwise = node(conditional.getElseExpr());
        Node whole = other(conditional, new Node.Result.OneOf(then, otherwise));
        boolean isPlain = conditional
                .getCondition()
                .findFirst(Expression.class, JavaExpressions::isNoNumber)
                .isEmpty();
        return isPlain
                ? new Node.Conditional(node(conditional.getCondition()), then, otherwise, (Node.Other) whole)
                : whole;
    }

    private static Node.Result result(Expression expression) throws SyntaxException {
        if (expression instanceof InstanceOfExpr) {
            return new Node.Result.Truth();
        }
        if (expression instanceof MethodCallExpr call
                && call.getScope().filter(JavaExpressions::isName).isPresent()) {
            return new Node.Result.OfMethod(call.getScope().get() + "." + call.getNameAsString());
        }
        if (expression instanceof ArrayAccessExpr access && isName(access.getName())) {
            return new Node.Result.ElementOf(access.getName().toString());
        }
        return new Node.Result.Unknown();
    }

    private static boolean isName(Expression expression) {
        return expression instanceof NameExpr || expression instanceof FieldAccessExpr field && isQualifiedName(field);
    }

    private static boolean isNoNumber(Expression expression) {
        return expression instanceof StringLiteralExpr
                || expression instanceof TextBlockLiteralExpr
                || expression instanceof NullLiteralExpr
                || expression instanceof ClassExpr
                || expression instanceof ThisExpr
                || expression instanceof LambdaExpr
                || expression instanceof MethodReferenceExpr;
    }

    private static Node other(Expression expression, Node.Result result) throws SyntaxException {
        checkJava(expression);
        boolean ownNames = expression.findFirst(LambdaExpr.class).isPresent()
                || expression.findFirst(PatternExpr.class).isPresent()
                || expression
                        .findFirst(
                                ObjectCreationExpr.class,
                                made -> made.getAnonymousClassBody().isPresent())
                        .isPresent()
                || expression.findFirst(SwitchExpr.class).isPresent();
        return new Node.Other(
                print(expression), names(expression), ownNames ? List.of() : variables(expression), result);
    }

    private static Node character(CharLiteralExpr literal) throws SyntaxException {
        String text;
        try {
            text = literal.getValue().translateEscapes();
        } catch (IllegalArgumentException wrong) {
            text = "";
        }
        if (text.length() != 1) {
            throw new SyntaxException("'" + literal.getValue() + "' is not one char", offset(literal));
        }
        return new Node.Literal(text.charAt(0), ExpressionType.INT);
    }

    private static Node decimal(DoubleLiteralExpr literal) throws SyntaxException {
        String text = literal.getValue().toLowerCase(Locale.ROOT);
        if (text.endsWith("f") && !text.startsWith("0x") || text.startsWith("0x") && text.matches(".*p.*f")) {
            throw new SyntaxException(
                    "a float has 32 bits: write a double, or Float.floatToRawIntBits(" + literal.getValue() + ")",
                    offset(literal));
        }
        try {
            double value = Double.parseDouble(text.replace("_", ""));
            return new Node.Literal(Double.doubleToRawLongBits(value), ExpressionType.DOUBLE);
        } catch (NumberFormatException wrong) {
            throw new SyntaxException("'" + literal.getValue() + "' is no number", offset(literal));
        }
    }

    /** Within what stays Java, Java's own limits hold, and nothing is assigned: operands are not computed in order. */
    private static void checkJava(Expression expression) throws SyntaxException {
        for (Expression inner : expression.findAll(Expression.class)) {
            boolean assigns = inner instanceof AssignExpr
                    || inner instanceof UnaryExpr unary
                            && (unary.getOperator() == UnaryExpr.Operator.PREFIX_INCREMENT
                                    || unary.getOperator() == UnaryExpr.Operator.PREFIX_DECREMENT
                                    || unary.getOperator().isPostfix());
            if (assigns) {
                throw new SyntaxException("an operand cannot assign: do it in a Java line before", offset(inner));
            }
        }
        for (LiteralStringValueExpr literal : expression.findAll(LiteralStringValueExpr.class)) {
            boolean hasMember = !literal.isStringLiteralExpr()
                    && !literal.isTextBlockLiteralExpr()
                    && literal.getParentNode().orElse(null) instanceof NodeWithTraversableScope parent
                    && parent.traverseScope().filter(scope -> scope == literal).isPresent();
            if (hasMember) {
                throw new SyntaxException("a number has no members", offset(literal));
            }
        }
        for (IntegerLiteralExpr literal : expression.findAll(IntegerLiteralExpr.class)) {
            Optional<Node.Literal> value = IntegerLiterals.parse(literal.getValue());
            boolean tooLarge = value.isEmpty()
                    || value.get().type() == ExpressionType.LONG
                            && !(Long.numberOfLeadingZeros(value.get().value()) == 32
                                    && literal.getValue().startsWith("0"))
                            && !IntegerLiterals.isSmallest(literal.getValue());
            if (tooLarge) {
                throw new SyntaxException(
                        "'" + literal.getValue() + "' does not fit an int of Java: add an L", offset(literal));
            }
        }
    }

    private static boolean isQualifiedName(FieldAccessExpr field) {
        Expression scope = field.getScope();
        return scope instanceof NameExpr || scope instanceof FieldAccessExpr inner && isQualifiedName(inner);
    }

    private static String print(Expression expression) {
        return expression.toString(new DefaultPrinterConfiguration()).replaceAll("\\s*\\n\\s*", " ");
    }

    private static Set<String> names(Expression expression) {
        Set<String> names = new TreeSet<>();
        expression.walk(NameExpr.class, name -> names.add(name.getNameAsString()));
        return names;
    }

    /** The names that stand where only a variable can. */
    private static List<Node.Name> variables(Expression expression) {
        List<Node.Name> variables = new ArrayList<>();
        expression.walk(NameExpr.class, name -> {
            boolean maybeType = name.getParentNode()
                    .filter(parent -> parent instanceof FieldAccessExpr
                            || parent instanceof MethodCallExpr call
                                    && call.getScope()
                                            .filter(scope -> scope == name)
                                            .isPresent()
                            || parent instanceof MethodReferenceExpr)
                    .isPresent();
            if (!maybeType
                    || Character.isLowerCase(name.getNameAsString().charAt(0))
                            && name.getParentNode()
                                    .filter(MethodCallExpr.class::isInstance)
                                    .isPresent()) {
                variables.add(new Node.Name(name.getNameAsString(), offset(name)));
            }
        });
        return variables;
    }
}
