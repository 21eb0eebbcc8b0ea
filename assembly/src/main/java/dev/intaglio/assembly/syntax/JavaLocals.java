package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.assembly.ir.Scope;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Adds the variables that a stencil's Java lines declare to the names its assembly may use.
 *
 * @param arrays the types of the elements of those that are arrays
 */
record JavaLocals(Map<String, ExpressionType> locals, Map<String, ExpressionType> arrays, Scope outer)
        implements Scope {
    private static final Pattern DECLARATION = Pattern.compile(
            "(?<![\\w$])(byte|short|char|int|long|boolean|double|float|var|[A-Z][\\w$]*)\\s*(<[^=;()]*>)?((?:\\s*\\[\\s*\\])*)"
                    + "(?<=[\\s>\\]])\\s*([A-Za-z_$][\\w$]*)((?:\\s*\\[\\s*\\])*)\\s*(?=[=;:,)&|?])");
    private static final Pattern NEXT_DECLARATOR =
            Pattern.compile("\\s*([A-Za-z_$][\\w$]*)((?:\\s*\\[\\s*\\])*)\\s*(?=[=;,]|$)");

    static Scope within(String text, Scope outer) {
        JavaLocals found = new JavaLocals(new HashMap<>(), new HashMap<>(), outer);
        text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && line.charAt(0) != '|')
                .forEach(line -> found.declarations(withoutLiterals(line)));
        return found.locals.isEmpty() ? outer : found;
    }

    private void declarations(String line) {
        Matcher declaration = DECLARATION.matcher(line);
        while (declaration.find()) {
            String word = declaration.group(1);
            boolean generic = declaration.group(2) != null;
            String brackets = declaration.group(3);
            add(declaration.group(4), word, generic, brackets + declaration.group(5));
            int end = declaration.end();
            // int x = 1, y = 2; but not the parameters of (int x, Foo y) -> …
            while ((end = nextComma(line, end)) >= 0) {
                Matcher next = NEXT_DECLARATOR.matcher(line).region(end + 1, line.length());
                if (!next.lookingAt()) {
                    break;
                }
                add(next.group(1), word, generic, brackets + next.group(2));
                end = next.end();
            }
        }
    }

    private void add(String name, String word, boolean generic, String brackets) {
        int dimensions = (int) brackets.chars().filter(c -> c == '[').count();
        ExpressionType base = generic ? ExpressionType.UNKNOWN : type(word);
        // Where two blocks declare the name, which is meant only Java knows.
        locals.merge(name, dimensions > 0 ? ExpressionType.OBJECT : base, JavaLocals::same);
        if (dimensions > 0) {
            arrays.merge(name, dimensions > 1 ? ExpressionType.OBJECT : base, JavaLocals::same);
        }
    }

    private static ExpressionType same(ExpressionType first, ExpressionType second) {
        return first == second ? first : ExpressionType.UNKNOWN;
    }

    /** The comma that ends a declarator and begins the next, or -1. */
    private static int nextComma(String line, int start) {
        int depth = 0;
        for (int i = start; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == ',' && depth == 0) {
                return i;
            }
            if (c == ';') {
                return -1;
            }
            depth += c == '(' || c == '[' || c == '{' ? 1 : c == ')' || c == ']' || c == '}' ? -1 : 0;
            if (depth < 0) {
                return -1;
            }
        }
        return -1;
    }

    /** The line without comments and without what its strings and chars hold. */
    private static String withoutLiterals(String line) {
        String code = Scanner.withoutComment(Text.at(line, 0)).chars();
        StringBuilder result = new StringBuilder();
        int i = 0;
        while (i < code.length()) {
            char c = code.charAt(i);
            int end = c == '"' || c == '\'' ? Scanner.literalEnd(code, i) : i + 1;
            result.append(end == i + 1 ? String.valueOf(c) : "0");
            i = end;
        }
        return result.toString();
    }

    private static ExpressionType type(String word) {
        return switch (word) {
            case "byte", "short", "char", "int" -> ExpressionType.INT;
            case "long" -> ExpressionType.LONG;
            case "boolean" -> ExpressionType.BOOLEAN;
            case "double" -> ExpressionType.DOUBLE;
            case "String", "Object" -> ExpressionType.OBJECT;
            case "Label" -> ExpressionType.LABEL;
            case "Gpr" -> ExpressionType.GPR;
            case "Xmm" -> ExpressionType.XMM;
            case "PatchSite" -> ExpressionType.PATCH_SITE;
            default -> ExpressionType.UNKNOWN;
        };
    }

    @Override
    public Optional<Symbol> find(String name) {
        ExpressionType local = locals.get(name);
        return local == null ? outer.find(name) : Optional.of(new Symbol(name, local, OptionalLong.empty()));
    }

    @Override
    public Optional<ExpressionType> method(String name) {
        return outer.method(name);
    }

    @Override
    public Optional<ExpressionType> element(String array) {
        return locals.containsKey(array) ? Optional.ofNullable(arrays.get(array)) : outer.element(array);
    }

    @Override
    public Set<String> names() {
        Set<String> names = new TreeSet<>(outer.names());
        names.addAll(locals.keySet());
        return names;
    }
}
