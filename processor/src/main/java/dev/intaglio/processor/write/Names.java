package dev.intaglio.processor.write;

import dev.intaglio.assembly.ir.Line;
import dev.intaglio.processor.resolve.StencilParameter;
import dev.intaglio.processor.resolve.StencilUnit;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names for local variables that clash with nothing the stencil's author wrote. */
final class Names {
    private static final Pattern WORD = Pattern.compile("[A-Za-z_$][\\w$]*");
    private static final Set<String> KEYWORDS = Set.of(
            "int", "long", "byte", "short", "char", "for", "if", "do", "new", "this", "case", "else", "switch",
            "while");

    private final Set<String> java = new HashSet<>();
    private final Set<String> taken = new HashSet<>(KEYWORDS);

    Names(StencilUnit stencil) {
        stencil.parameters().stream().map(StencilParameter::name).forEach(taken::add);
        stencil.parameters().stream().map(StencilParameter::name).forEach(java::add);
        collect(stencil.text().value(), taken);
        for (Line line : stencil.lines()) {
            if (line instanceof Line.Java) {
                collect(stencil.text().text(line.span()), java);
            }
        }
    }

    private static void collect(String text, Set<String> words) {
        Matcher word = WORD.matcher(text);
        while (word.find()) {
            words.add(word.group());
        }
    }

    /** A name like the wish that nothing else has. */
    String fresh(String wish) {
        String name = wish;
        for (int i = 2; !taken.add(name); i++) {
            name = wish + i;
        }
        return name;
    }

    /** The names that are taken now. */
    Set<String> taken() {
        return Set.copyOf(taken);
    }

    /** Gives back the names taken since: the block that declared them has ended. */
    void restore(Set<String> earlier) {
        taken.retainAll(earlier);
    }

    /** A member of the emitter's base class, qualified where the stencil has the same name for something else. */
    String member(String name) {
        return java.contains(name) ? "this." + name : name;
    }
}
