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

/** Adds the variables that a stencil's Java lines declare to the names its assembly may use. */
record JavaLocals(Map<String, ExpressionType> locals, Scope outer) implements Scope {
    private static final Pattern DECLARATION = Pattern.compile(
            "\\b(byte|short|char|int|long|boolean|double|float|var|Label|Gpr|Xmm|[A-Z]\\w*(?:<[^>]*>)?|\\w+\\[\\])\\s+(\\w+)\\s*(?=[=;:,)])");

    static Scope within(String text, Scope outer) {
        Map<String, ExpressionType> locals = new HashMap<>();
        text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && line.charAt(0) != '|')
                .forEach(line -> {
                    Matcher declaration = DECLARATION.matcher(line);
                    while (declaration.find()) {
                        locals.put(declaration.group(2), type(declaration.group(1)));
                    }
                });
        return locals.isEmpty() ? outer : new JavaLocals(Map.copyOf(locals), outer);
    }

    private static ExpressionType type(String word) {
        return switch (word) {
            case "byte", "short", "char", "int" -> ExpressionType.INT;
            case "long" -> ExpressionType.LONG;
            case "boolean" -> ExpressionType.BOOLEAN;
            case "double" -> ExpressionType.DOUBLE;
            case "Label" -> ExpressionType.LABEL;
            case "Gpr" -> ExpressionType.GPR;
            case "Xmm" -> ExpressionType.XMM;
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
    public Set<String> names() {
        Set<String> names = new TreeSet<>(outer.names());
        names.addAll(locals.keySet());
        return names;
    }
}
