package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The macros of a stencil, by name and number of parameters. */
final class Macros {
    /** A line of a macro's body: where it was written, and for an expansion what it became. */
    record BodyLine(boolean isJava, Text written, Text text) {}

    private record Macro(String name, List<String> parameters, List<BodyLine> body, boolean broken) {}

    private static final int MOST_LINES = 10_000;

    private final Map<String, Map<Integer, Macro>> macros = new HashMap<>();
    private final Set<Macro> active = Collections.newSetFromMap(new IdentityHashMap<>());
    private Macro open;
    private Text openPlace;
    private int expandedLines;

    boolean isOpen() {
        return open != null;
    }

    Optional<Text> unclosed() {
        return Optional.ofNullable(open == null ? null : openPlace);
    }

    /** Begins a macro. A broken one has been reported; it is read so that neither its body nor its uses are reported too. */
    void begin(String name, List<String> parameters, boolean broken, Text place) throws SyntaxError {
        open = new Macro(name, parameters, new ArrayList<>(), broken);
        openPlace = place;
        Set<String> seen = new HashSet<>();
        for (String parameter : parameters) {
            if (!broken && (!Scanner.isName(parameter) || !seen.add(parameter))) {
                open = new Macro(name, parameters, new ArrayList<>(), true);
                throw new SyntaxError(
                        DiagnosticCode.BAD_MACRO,
                        place.span(),
                        "the parameters of a macro are different names, and '" + parameter + "' is "
                                + (Scanner.isName(parameter) ? "there twice" : "no name"));
            }
        }
        if (!broken && overloads(name).containsKey(parameters.size())) {
            open = new Macro(name, parameters, new ArrayList<>(), true);
            throw new SyntaxError(
                    DiagnosticCode.BAD_MACRO,
                    place.span(),
                    "macro '" + name + "' with " + counted(parameters.size()) + " is defined already");
        }
    }

    void add(boolean isJava, Text line) {
        open.body().add(new BodyLine(isJava, line, line));
    }

    void end() {
        macros.computeIfAbsent(open.name(), unused -> new TreeMap<>())
                .putIfAbsent(open.parameters().size(), open);
        open = null;
    }

    boolean isDefined(String name) {
        return macros.containsKey(name);
    }

    private Map<Integer, Macro> overloads(String name) {
        return macros.getOrDefault(name, Map.of());
    }

    private static String counted(int parameters) {
        return parameters + (parameters == 1 ? " parameter" : " parameters");
    }

    /** What happens to each line of an expansion. */
    interface LineSink {
        void accept(BodyLine line);
    }

    /**
     * Gives the lines of a use, with arguments in place of parameters and {@code ..} joining what stands around it; false
     * where the macro's definition was wrong, which has been reported.
     */
    boolean expand(String name, List<Text> arguments, Text use, LineSink sink) throws SyntaxError {
        Macro macro = overloads(name).get(arguments.size());
        if (overloads(name).values().stream().anyMatch(Macro::broken) && (macro == null || macro.broken())) {
            return false;
        }
        if (macro == null) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_MACRO,
                    use.span(),
                    "macro '" + name + "' does not take " + arguments.size() + " argument"
                            + (arguments.size() == 1 ? "" : "s"),
                    "it is defined with "
                            + String.join(
                                    " or ",
                                    overloads(name).keySet().stream()
                                            .map(Macros::counted)
                                            .toList()));
        }
        expandedLines += macro.body().size();
        if (expandedLines > MOST_LINES) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_MACRO,
                    use.span(),
                    "the macros of this stencil expand to more than " + MOST_LINES + " lines");
        }
        if (!active.add(macro)) {
            throw new SyntaxError(DiagnosticCode.BAD_MACRO, use.span(), "macro '" + name + "' uses itself");
        }
        try {
            Map<String, Text> values = new HashMap<>();
            for (int i = 0; i < arguments.size(); i++) {
                values.put(macro.parameters().get(i), arguments.get(i).strip());
            }
            for (BodyLine line : macro.body()) {
                Text body = Text.replacing(line.written().chars(), use.span());
                Text replaced = Defines.replaceWords(body, (word, place) -> values.get(word));
                sink.accept(new BodyLine(line.isJava(), line.written(), pasted(replaced)));
            }
        } finally {
            active.remove(macro);
        }
        return true;
    }

    /** Joins what {@code ..} stands between. */
    private static Text pasted(Text text) {
        Text result = text;
        int i = 0;
        while (i < result.length()) {
            char c = result.at(i);
            if (c == '"' || c == '\'') {
                i = Scanner.literalEnd(result.chars(), i);
            } else if (c == '.' && result.at(i + 1) == '.') {
                int end = i;
                while (result.at(end) == '.') {
                    end++;
                }
                if (end - i == 2) {
                    Text left = result.slice(0, i);
                    int stop = left.length();
                    while (stop > 0 && Character.isWhitespace(left.at(stop - 1))) {
                        stop--;
                    }
                    Text right = result.from(end);
                    result = left.slice(0, stop).plus(right.from(right.leadingBlanks()));
                    i = stop;
                } else {
                    i = end;
                }
            } else {
                i++;
            }
        }
        return result;
    }
}
