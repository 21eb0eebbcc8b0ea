package dev.intaglio.processor.source;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import dev.intaglio.assembly.diagnostic.Diagnostic;
import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.processor.resolve.Problem;
import java.io.IOException;
import java.net.URI;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.annotation.processing.Messager;
import javax.annotation.processing.ProcessingEnvironment;
import javax.tools.Diagnostic.Kind;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Shows mistakes where they were made. Javac points at the very column inside a text block: it takes the position of a
 * message from a tree, so a literal is parsed whose position in a file of blanks is the wanted one. Elsewhere the message
 * brings line, column, excerpt and caret itself.
 */
public final class Reporter {
    private static final int MOST_PER_STENCIL = 20;

    private final Messager messager;
    private final Optional<Trees> trees;
    private final Set<List<Object>> told = new HashSet<>();

    public Reporter(ProcessingEnvironment environment, StencilSources sources) {
        messager = environment.getMessager();
        trees = sources.trees();
    }

    /** Reports a mistake of a declaration. */
    public void report(Problem problem) {
        String message = problem.diagnostic().toString();
        if (problem.annotation().isPresent() && problem.value().isPresent()) {
            messager.printMessage(
                    Kind.ERROR,
                    message,
                    problem.element(),
                    problem.annotation().get(),
                    problem.value().get());
        } else {
            messager.printMessage(Kind.ERROR, message, problem.element());
        }
    }

    /** Reports the mistakes of a stencil. */
    public void report(StencilPlace place, List<Diagnostic> diagnostics) {
        int shown = 0;
        List<Diagnostic> inOrder = diagnostics.stream()
                .sorted(Comparator.comparingInt(diagnostic -> diagnostic.span().start()))
                .toList();
        for (Diagnostic diagnostic : inOrder) {
            if (shown++ == MOST_PER_STENCIL) {
                print(
                        place,
                        Kind.ERROR,
                        diagnostic.span(),
                        "and " + (diagnostics.size() - MOST_PER_STENCIL) + " more in this stencil");
                return;
            }
            Kind kind = diagnostic.code().isWarning() ? Kind.WARNING : Kind.ERROR;
            print(place, kind, diagnostic.span(), diagnostic.toString());
        }
    }

    /** Tells something of a place in a stencil. */
    public void note(StencilPlace place, Span span, String message) {
        print(place, Kind.NOTE, span, message);
    }

    private void print(StencilPlace place, Kind kind, Span span, String message) {
        if (!told.add(List.of(place.method(), place.alternative(), kind, span, message))) {
            return; // told where the stencil was declared, and met again where it is inherited
        }
        int offset = span.start();
        if (place.exact().isPresent() && trees.isPresent()) {
            ExactPlace exact = place.exact().get();
            Optional<Tree> tree = treeAt(exact.fileOffset(offset));
            if (tree.isPresent()) {
                trees.get().printMessage(kind, message, tree.get(), exact.unit());
                return;
            }
        }
        messager.printMessage(kind, excerpt(place, offset, message), place.method(), place.annotation(), place.value());
    }

    private static String excerpt(StencilPlace place, int offset, String message) {
        var text = place.text();
        String where = text.knowsFileLines()
                ? text.fileName() + ":" + text.fileLine(offset) + ":" + (text.column(offset) + 1)
                : text.fileName() + ": line " + (text.lineIndex(offset) + 1) + ", column " + (text.column(offset) + 1)
                        + " of stencil " + place.method().getSimpleName();
        String first = message.lines().findFirst().orElse("");
        String rest = message.lines().skip(1).map(line -> "\n" + line).reduce("", String::concat);
        return where + ": " + first + "\n    " + text.lineOf(offset) + "\n    " + " ".repeat(text.column(offset)) + "^"
                + rest;
    }

    /** A tree that javac believes to stand at an offset. */
    private static Optional<Tree> treeAt(int offset) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            return Optional.empty();
        }
        String head = "class A{Object o=";
        if (offset < head.length()) {
            return Optional.empty();
        }
        String source = head + " ".repeat(offset - head.length()) + "0;}";
        JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///A.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        JavacTask task = (JavacTask) compiler.getTask(null, null, null, List.of("-proc:none"), null, List.of(file));
        try {
            CompilationUnitTree unit = task.parse().iterator().next();
            return Optional.ofNullable(
                    new TreeScanner<Tree, Void>() {
                        @Override
                        public Tree visitLiteral(LiteralTree literal, Void unused) {
                            return literal;
                        }

                        @Override
                        public Tree reduce(Tree first, Tree second) {
                            return first != null ? first : second;
                        }
                    }.scan(unit, null));
        } catch (IOException impossible) {
            return Optional.empty();
        }
    }
}
