package dev.intaglio.assembly.syntax;

import com.github.javaparser.Position;
import com.github.javaparser.ast.Node;
import com.github.javaparser.ast.body.Parameter;
import com.github.javaparser.ast.body.VariableDeclarator;
import com.github.javaparser.ast.expr.AssignExpr;
import com.github.javaparser.ast.expr.Expression;
import com.github.javaparser.ast.expr.LambdaExpr;
import com.github.javaparser.ast.expr.NameExpr;
import com.github.javaparser.ast.expr.ObjectCreationExpr;
import com.github.javaparser.ast.expr.UnaryExpr;
import com.github.javaparser.ast.stmt.BlockStmt;
import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.ir.Line;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds variables that change and that a lambda or an anonymous class uses, in its Java or in the assembly within: Java has no
 * such thing, and would say so of the emitter only (Java Language Specification, 15.27.2).
 */
final class CapturedVariables {
    private static final Pattern WORD = Pattern.compile("(?<![\\w.$])[A-Za-z_$][\\w$]*");

    private final List<Line.Java> rows;
    private final List<List<Line>> assembly;
    private final Diagnostics diagnostics;
    private final Set<String> changing = new HashSet<>();

    /**
     * @param rows the Java lines
     * @param assembly the lines of assembly behind each of them
     */
    private CapturedVariables(List<Line.Java> rows, List<List<Line>> assembly, Diagnostics diagnostics) {
        this.rows = rows;
        this.assembly = assembly;
        this.diagnostics = diagnostics;
    }

    /**
     * Reports the uses.
     *
     * @param block the Java lines, one a line behind a first one that opens it, with an empty block for assembly
     * @param lines all lines of the stencil
     */
    static void check(BlockStmt block, List<Line.Java> rows, List<Line> lines, Diagnostics diagnostics) {
        List<List<Line>> assembly = new ArrayList<>();
        for (Line line : lines) {
            if (line instanceof Line.Java) {
                assembly.add(new ArrayList<>());
            } else if (!assembly.isEmpty()) {
                assembly.get(assembly.size() - 1).add(line);
            }
        }
        CapturedVariables search = new CapturedVariables(rows, assembly, diagnostics);
        search.findChanging(block);
        if (!search.changing.isEmpty()) {
            block.findAll(LambdaExpr.class).forEach(search::checkBody);
            block.findAll(
                            ObjectCreationExpr.class,
                            made -> made.getAnonymousClassBody().isPresent())
                    .forEach(search::checkBody);
        }
    }

    private void findChanging(BlockStmt block) {
        Set<String> declaredEmpty = new HashSet<>();
        block.findAll(
                        VariableDeclarator.class,
                        variable -> variable.getInitializer().isEmpty())
                .forEach(variable -> declaredEmpty.add(variable.getNameAsString()));
        block.findAll(AssignExpr.class).forEach(assignment -> {
            boolean isFirst = assignment.getOperator() == AssignExpr.Operator.ASSIGN
                    && declaredEmpty.remove(name(assignment.getTarget()));
            if (!isFirst) {
                changing.add(name(assignment.getTarget()));
            }
        });
        block.findAll(UnaryExpr.class).forEach(unary -> {
            if (unary.getOperator().isPostfix()
                    || unary.getOperator().asString().length() == 2) {
                changing.add(name(unary.getExpression()));
            }
        });
        changing.remove("");
    }

    private static String name(Expression target) {
        return target instanceof NameExpr name ? name.getNameAsString() : "";
    }

    private void checkBody(Node body) {
        Set<String> own = new HashSet<>();
        body.findAll(VariableDeclarator.class).forEach(variable -> own.add(variable.getNameAsString()));
        body.findAll(Parameter.class).forEach(parameter -> own.add(parameter.getNameAsString()));
        for (NameExpr name : body.findAll(NameExpr.class)) {
            if (isCaptured(name.getNameAsString(), own)) {
                name.getBegin()
                        .ifPresent(begin -> report(name.getNameAsString(), place(begin, name.getNameAsString())));
            }
        }
        for (BlockStmt block : body.findAll(BlockStmt.class, BlockStmt::isEmpty)) {
            block.getBegin().ifPresent(begin -> {
                int row = begin.line - 2;
                boolean standsForAssembly = row >= 0
                        && row < rows.size()
                        && begin.column > rows.get(row).source().length();
                if (standsForAssembly) {
                    assembly.get(row).forEach(line -> check(line, own));
                }
            });
        }
    }

    private void check(Line line, Set<String> own) {
        Matcher word = WORD.matcher(line.toString());
        while (word.find()) {
            if (isCaptured(word.group(), own)) {
                report(word.group(), line.span());
                return;
            }
        }
    }

    private boolean isCaptured(String name, Set<String> own) {
        return changing.contains(name) && !own.contains(name);
    }

    private Span place(Position begin, String name) {
        Line.Java row = rows.get(Math.min(Math.max(begin.line - 2, 0), rows.size() - 1));
        int start = Math.min(row.span().start() + begin.column - 1, row.span().end());
        return new Span(
                start,
                Math.min(start + name.length(), Math.max(start, row.span().end())));
    }

    private void report(String name, Span place) {
        diagnostics.report(
                DiagnosticCode.BAD_JAVA,
                place,
                "'" + name + "' changes in this stencil, and a lambda can only use variables that do not",
                "copy it before: int " + name + "Now = " + name + ";");
    }
}
