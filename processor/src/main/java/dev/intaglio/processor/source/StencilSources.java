package dev.intaglio.processor.source;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewArrayTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.source.util.Trees;
import dev.intaglio.processor.resolve.Imports;
import dev.intaglio.processor.resolve.StencilCollector.Declared;
import dev.intaglio.processor.resolve.StencilText;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;

/**
 * Finds the text of stencils and, where the compiler is javac, its places in the file and what the file imports. Elsewhere
 * messages have no places, and types of other packages are written with their full names.
 */
public final class StencilSources {
    private final Optional<Trees> trees;
    private final Map<TypeElement, Imports> imports = new HashMap<>();
    private Optional<CompilationUnitTree> lastUnit = Optional.empty();
    private String lastContent = "";

    public StencilSources(ProcessingEnvironment environment) {
        trees = trees(environment);
    }

    Optional<Trees> trees() {
        return trees;
    }

    /** The place of a declared stencil. */
    public StencilPlace place(Declared stencil) {
        List<String> pieces = stencil.pieces();
        String value = String.join("\n", pieces);
        Optional<ExactPlace> exact = Optional.empty();
        try {
            exact = exactPlace(stencil, pieces);
        } catch (IOException | RuntimeException unavailable) {
            // Places are a courtesy: without them messages carry line and column of the text.
        }
        Optional<String> name = exact.map(place -> simpleName(place.unit()));
        String file = name.orElseGet(() -> fileName(stencil.method()));
        StencilText text = exact.map(place -> new StencilText(file, fileLines(place, value), value))
                .orElseGet(() -> new StencilText(file, List.of(), value));
        return new StencilPlace(
                stencil.method(), stencil.alternative(), stencil.annotation(), stencil.value(), text, exact);
    }

    /** What the file of an interface imports, where the compiler shows it. */
    public Imports imports(TypeElement type) {
        return imports.computeIfAbsent(type, this::readImports);
    }

    private Imports readImports(TypeElement type) {
        TreePath path = trees.map(known -> known.getPath(type)).orElse(null);
        if (path == null) {
            return Imports.NONE;
        }
        List<String> types = new ArrayList<>();
        List<String> packages = new ArrayList<>();
        List<String> members = new ArrayList<>();
        List<String> owners = new ArrayList<>();
        for (ImportTree one : path.getCompilationUnit().getImports()) {
            String name = one.getQualifiedIdentifier().toString();
            boolean onDemand = name.endsWith(".*");
            String home = onDemand ? name.substring(0, name.length() - 2) : name;
            List<String> kind = one.isStatic() ? onDemand ? owners : members : onDemand ? packages : types;
            kind.add(home);
        }
        return new Imports(types, packages, members, owners);
    }

    private Optional<ExactPlace> exactPlace(Declared stencil, List<String> pieces) throws IOException {
        if (trees.isEmpty()) {
            return Optional.empty();
        }
        TreePath method = trees.get().getPath(stencil.method());
        Optional<Tree> text = method == null ? Optional.empty() : text(method.getLeaf(), stencil.alternative());
        if (text.isEmpty()) {
            return Optional.empty();
        }
        CompilationUnitTree unit = method.getCompilationUnit();
        String file = content(unit);
        List<? extends ExpressionTree> parts = parts(text.get());
        List<TextBlockMap> literals = new ArrayList<>();
        List<Integer> starts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < parts.size(); i++) {
            int offset = (int) trees.get().getSourcePositions().getStartPosition(unit, parts.get(i));
            Optional<TextBlockMap> literal =
                    parts.get(i) instanceof LiteralTree ? TextBlockMap.at(file, offset) : Optional.empty();
            if (literal.isEmpty()
                    || i >= pieces.size()
                    || !literal.get().value().equals(pieces.get(i))) {
                return Optional.empty();
            }
            literals.add(literal.get());
            starts.add(start);
            start += pieces.get(i).length() + 1;
        }
        return parts.size() == pieces.size()
                ? Optional.of(new ExactPlace(unit, file, literals, starts))
                : Optional.empty();
    }

    /** The text of a file, which holds many stencils. */
    private String content(CompilationUnitTree unit) throws IOException {
        if (lastUnit.filter(unit::equals).isEmpty()) {
            lastContent = unit.getSourceFile().getCharContent(true).toString();
            lastUnit = Optional.of(unit);
        }
        return lastContent;
    }

    /**
     * The value of the stencil annotation with this number: the mirrors of alternatives lie in a container that nobody wrote,
     * and javac finds no tree for them.
     */
    private static Optional<Tree> text(Tree method, int alternative) {
        if (!(method instanceof MethodTree declaration)) {
            return Optional.empty();
        }
        List<AnnotationTree> texts = new ArrayList<>();
        declaration.getModifiers().getAnnotations().forEach(annotation -> addTexts(annotation, texts));
        if (alternative >= texts.size()) {
            return Optional.empty();
        }
        for (ExpressionTree argument : texts.get(alternative).getArguments()) {
            if (!(argument instanceof AssignmentTree assignment)) {
                return Optional.of(argument);
            }
            if (assignment.getVariable().toString().equals("value")) {
                return Optional.of(assignment.getExpression());
            }
        }
        return Optional.empty();
    }

    private static void addTexts(AnnotationTree annotation, List<AnnotationTree> texts) {
        String name = annotation.getAnnotationType().toString();
        String simple = name.substring(name.lastIndexOf('.') + 1);
        if (simple.equals("Stencil")) {
            texts.add(annotation);
        } else if (simple.equals("Alternatives")) {
            annotation.getArguments().stream()
                    .map(argument -> argument instanceof AssignmentTree named ? named.getExpression() : argument)
                    .flatMap(argument -> parts(argument).stream())
                    .filter(AnnotationTree.class::isInstance)
                    .forEach(inner -> addTexts((AnnotationTree) inner, texts));
        }
    }

    private static List<Integer> fileLines(ExactPlace place, String value) {
        List<Integer> lines = new ArrayList<>();
        for (int start = 0; start >= 0; start = value.indexOf('\n', start) + 1) {
            lines.add((int) place.unit().getLineMap().getLineNumber(place.fileOffset(start)));
            if (value.indexOf('\n', start) < 0) {
                break;
            }
        }
        return lines;
    }

    private static List<? extends ExpressionTree> parts(Tree tree) {
        if (tree instanceof NewArrayTree array) {
            return array.getInitializers();
        }
        return tree instanceof ExpressionTree expression ? List.of(expression) : List.of();
    }

    private static String simpleName(CompilationUnitTree unit) {
        String path = unit.getSourceFile().getName();
        return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    }

    /** The file's name by the rule that a public type's file has its name. */
    private static String fileName(Element method) {
        Element outer = method.getEnclosingElement();
        while (outer.getEnclosingElement() instanceof TypeElement enclosing) {
            outer = enclosing;
        }
        return outer.getSimpleName() + ".java";
    }

    private static Optional<Trees> trees(ProcessingEnvironment environment) {
        try {
            return Optional.of(Trees.instance(unwrapped(environment)));
        } catch (RuntimeException | LinkageError notJavac) {
            return Optional.empty();
        }
    }

    /** Build tools wrap the environment; javac's own is a field of the wrapper or of its proxy's handler. */
    private static ProcessingEnvironment unwrapped(ProcessingEnvironment environment) {
        if (environment.getClass().getName().startsWith("com.sun.tools.javac")) {
            return environment;
        }
        Object holder =
                Proxy.isProxyClass(environment.getClass()) ? Proxy.getInvocationHandler(environment) : environment;
        for (Class<?> type = holder.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                try {
                    field.setAccessible(true);
                    if (field.get(holder) instanceof ProcessingEnvironment inner && inner != environment) {
                        return unwrapped(inner);
                    }
                } catch (ReflectiveOperationException | RuntimeException closed) {
                    // look at the next field
                }
            }
        }
        return environment;
    }
}
