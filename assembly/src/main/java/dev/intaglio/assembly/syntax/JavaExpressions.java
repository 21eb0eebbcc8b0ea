package dev.intaglio.assembly.syntax;

import com.github.javaparser.JavaParser;
import com.github.javaparser.ParseResult;
import com.github.javaparser.ParserConfiguration;
import com.github.javaparser.ast.expr.BinaryExpr;
import com.github.javaparser.ast.expr.BooleanLiteralExpr;
import com.github.javaparser.ast.expr.CastExpr;
import com.github.javaparser.ast.expr.CharLiteralExpr;
import com.github.javaparser.ast.expr.DoubleLiteralExpr;
import com.github.javaparser.ast.expr.EnclosedExpr;
import com.github.javaparser.ast.expr.Expression;
import com.github.javaparser.ast.expr.FieldAccessExpr;
import com.github.javaparser.ast.expr.InstanceOfExpr;
import com.github.javaparser.ast.expr.IntegerLiteralExpr;
import com.github.javaparser.ast.expr.LongLiteralExpr;
import com.github.javaparser.ast.expr.MethodCallExpr;
import com.github.javaparser.ast.expr.NameExpr;
import com.github.javaparser.ast.expr.UnaryExpr;
import com.github.javaparser.printer.configuration.DefaultPrinterConfiguration;
import dev.intaglio.assembly.ir.ExpressionType;
import java.util.Set;
import java.util.TreeSet;

/** The full Java grammar of expressions, for what {@link SimpleExpressions} leaves alone. */
final class JavaExpressions {
    /** The text is no Java expression. */
    static final class SyntaxException extends Exception {
        private static final long serialVersionUID = 1L;

        SyntaxException(String message) {
            super(message);
        }
    }

    private JavaExpressions() {}

    static Node parse(String source) throws SyntaxException {
        JavaParser parser =
                new JavaParser(new ParserConfiguration().setLanguageLevel(ParserConfiguration.LanguageLevel.JAVA_17));
        ParseResult<Expression> result = parser.parseExpression(source);
        if (!result.isSuccessful() || result.getResult().isEmpty()) {
            String problem = result.getProblems().isEmpty()
                    ? "not a Java expression"
                    : result.getProblems()
                            .get(0)
                            .getMessage()
                            .lines()
                            .findFirst()
                            .orElse("not a Java expression");
            throw new SyntaxException(problem);
        }
        return node(result.getResult().get());
    }

    private static Node node(Expression expression) throws SyntaxException {
        if (expression instanceof EnclosedExpr enclosed) {
            return new Node.Parenthesized(node(enclosed.getInner()));
        }
        if (expression instanceof IntegerLiteralExpr literal) {
            return SimpleExpressions.number(literal.getValue());
        }
        if (expression instanceof LongLiteralExpr literal) {
            return SimpleExpressions.number(literal.getValue());
        }
        if (expression instanceof CharLiteralExpr literal) {
            return new Node.Literal(literal.asChar(), ExpressionType.INT);
        }
        if (expression instanceof BooleanLiteralExpr literal) {
            return new Node.Literal(literal.getValue() ? 1 : 0, ExpressionType.BOOLEAN);
        }
        if (expression instanceof DoubleLiteralExpr literal) {
            return new Node.Literal(Double.doubleToRawLongBits(literal.asDouble()), ExpressionType.DOUBLE);
        }
        if (expression instanceof NameExpr name) {
            return new Node.Name(name.getNameAsString());
        }
        if (expression instanceof FieldAccessExpr field && isQualifiedName(field)) {
            return new Node.Name(field.toString());
        }
        if (expression instanceof UnaryExpr unary && unary.getOperator().isPrefix()) {
            String operator = unary.getOperator().asString();
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
            java.util.List<Node> arguments = new java.util.ArrayList<>();
            for (Expression argument : call.getArguments()) {
                arguments.add(node(argument));
            }
            return new Node.Call(call.getNameAsString(), arguments, print(call), names(call));
        }
        return new Node.Other(print(expression), names(expression), expression instanceof InstanceOfExpr);
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
}
