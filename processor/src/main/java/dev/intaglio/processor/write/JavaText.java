package dev.intaglio.processor.write;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import dev.intaglio.processor.resolve.References;
import dev.intaglio.processor.resolve.References.Owner;
import dev.intaglio.processor.resolve.StencilParameter;
import dev.intaglio.processor.resolve.StencilUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A method's text in which JavaPoet knows the types, so that it imports them: the runtime's, those that the author's file
 * imports, and those that have the static members which cannot be imported.
 */
final class JavaText {
    private static final String RUNTIME = "dev.intaglio.runtime";
    private static final Set<String> RUNTIME_TYPES = Set.of("Label", "Gpr", "Xmm", "PatchSite");
    private static final String SECTION = "Section";

    private final References references;
    private final Predicate<String> isLocal;
    private final StringBuilder format = new StringBuilder();
    private final List<Object> arguments = new ArrayList<>();

    private JavaText(References references, Predicate<String> isLocal) {
        this.references = references;
        this.isLocal = isLocal;
    }

    static CodeBlock of(String text, StencilUnit stencil) {
        CodeBlock.Builder code = CodeBlock.builder();
        for (String line : text.split("\n")) {
            JavaText written = new JavaText(stencil.references(), name -> isDeclared(name, stencil));
            written.write(line);
            code.add(written.format.append('\n').toString(), written.arguments.toArray());
        }
        return code.build();
    }

    private void write(String line) {
        int i = 0;
        char last = ' ';
        while (i < line.length()) {
            char c = line.charAt(i);
            int end = i + 1;
            if (line.startsWith("//", i)) {
                end = line.length();
            } else if (line.startsWith("/*", i)) {
                int close = line.indexOf("*/", i + 2);
                end = close < 0 ? line.length() : close + 2;
            } else if (c == '"' || c == '\'') {
                end = literalEnd(line, i);
            } else if (Character.isJavaIdentifierPart(c)) {
                while (end < line.length() && Character.isJavaIdentifierPart(line.charAt(end))) {
                    end++;
                }
            }
            String token = line.substring(i, end);
            Optional<Owner> type =
                    last != '.' && Character.isJavaIdentifierStart(c) ? owner(token, line, end) : Optional.empty();
            if (type.isPresent()) {
                format.append("$T");
                arguments.add(className(type.get()));
                format.append(isMember(token) ? "." + token.replace("$", "$$") : "");
            } else {
                format.append(token.replace("$", "$$"));
            }
            last = c == ' ' ? last : line.charAt(end - 1);
            i = end;
        }
    }

    private boolean isMember(String token) {
        return !references.types().containsKey(token)
                && !RUNTIME_TYPES.contains(token)
                && (references.methods().containsKey(token)
                        || references.fields().containsKey(token));
    }

    /** The class to write for a name, or before it. */
    private Optional<Owner> owner(String token, String line, int end) {
        Optional<Owner> type = Optional.ofNullable(references.types().get(token));
        if (type.isPresent()) {
            return type;
        }
        boolean isOurSection = token.equals(SECTION) && line.substring(end).matches(" \\w+ = section\\(.*");
        if (RUNTIME_TYPES.contains(token) || isOurSection) {
            return Optional.of(new Owner(RUNTIME, token));
        }
        if (!references.methods().containsKey(token) && !references.fields().containsKey(token)) {
            return Optional.empty();
        }
        boolean isCall = line.substring(end).stripLeading().startsWith("(");
        Map<String, Owner> members = isCall ? references.methods() : references.fields();
        return Optional.ofNullable(members.get(token)).filter(found -> isCall || !isLocal.test(token));
    }

    private static ClassName className(Owner owner) {
        String[] names = owner.className().split("\\.");
        String[] nested = java.util.Arrays.copyOfRange(names, 1, names.length);
        return ClassName.get(owner.packageName(), names[0], nested);
    }

    private static int literalEnd(String line, int start) {
        int i = start + 1;
        while (i < line.length() && line.charAt(i) != line.charAt(start)) {
            i += line.charAt(i) == '\\' ? 2 : 1;
        }
        return Math.min(i + 1, line.length());
    }

    /** Whether a stencil declares a parameter or a variable of this name, which hides a field. */
    private static boolean isDeclared(String name, StencilUnit stencil) {
        Pattern declaration = Pattern.compile("[\\p{L}\\p{N}_$>\\]]\\s+" + Pattern.quote(name)
                + "\\s*[=;:,)]|(?<![\\w.$])" + Pattern.quote(name) + "\\s*(,\\s*[\\w$]+\\s*)*\\)?\\s*->");
        return stencil.parameters().stream().map(StencilParameter::name).anyMatch(name::equals)
                || declaration.matcher(stencil.text().value()).find();
    }
}
