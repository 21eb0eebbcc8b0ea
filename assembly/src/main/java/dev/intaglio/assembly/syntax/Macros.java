package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The macros of a stencil, by name and number of parameters. */
final class Macros {
    /** A line of a macro's body. */
    record BodyLine(boolean isJava, String text) {}

    private record Macro(String name, List<String> parameters, List<BodyLine> body) {}

    private final Map<String, Map<Integer, Macro>> macros = new HashMap<>();
    private Macro open;
    private Text openPlace;

    boolean isOpen() {
        return open != null;
    }

    Optional<Text> unclosed() {
        return Optional.ofNullable(open == null ? null : openPlace);
    }

    void begin(String name, List<String> parameters, Text place) {
        open = new Macro(name, parameters, new ArrayList<>());
        openPlace = place;
    }

    void add(BodyLine line) {
        open.body().add(line);
    }

    void end() {
        macros.computeIfAbsent(open.name(), unused -> new HashMap<>())
                .put(open.parameters().size(), open);
        open = null;
    }

    boolean isDefined(String name) {
        return macros.containsKey(name);
    }

    /** The lines of a use, with arguments in place of parameters and {@code ..} joining what stands around it. */
    List<BodyLine> expand(String name, List<Text> arguments, Text use) throws SyntaxError {
        Macro macro = macros.get(name).get(arguments.size());
        if (macro == null) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_MACRO,
                    use.span(),
                    "macro '" + name + "' does not take " + arguments.size() + " argument"
                            + (arguments.size() == 1 ? "" : "s"),
                    "it is defined for "
                            + macros.get(name).keySet().stream().sorted().toList());
        }
        Defines parameters = new Defines();
        for (int i = 0; i < arguments.size(); i++) {
            parameters.define(
                    macro.parameters().get(i), arguments.get(i).strip().chars());
        }
        List<BodyLine> lines = new ArrayList<>();
        for (BodyLine line : macro.body()) {
            String spaced = line.text().replace("..", " \u0001 ");
            String text = parameters.once(Text.at(spaced, 0)).chars().replaceAll("\\s*\u0001\\s*", "");
            lines.add(new BodyLine(line.isJava(), text));
        }
        return lines;
    }
}
