package dev.intaglio.assembly.syntax;

import java.util.Map;

/**
 * What a stencil's text may ask of its processor.
 *
 * @param defines names that {@code .if} may test, with their values: numbers, {@code true}, {@code false}
 */
public record ParserOptions(Map<String, String> defines) {
    public static final ParserOptions DEFAULT = new ParserOptions(Map.of());

    public ParserOptions {
        defines = Map.copyOf(defines);
    }
}
