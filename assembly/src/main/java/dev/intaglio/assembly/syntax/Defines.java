package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Word substitution: {@code .define}. */
final class Defines {
    private static final int LONGEST_LINE = 20_000;

    private final Map<String, String> words = new HashMap<>();

    /** Defines a word; false if it means something else already. */
    boolean define(String word, String substitution) {
        String before = words.putIfAbsent(word, substitution);
        return before == null || before.equals(substitution);
    }

    /** The text with all defined words replaced, also those that the replacement brings in. */
    Text apply(Text text) throws SyntaxError {
        return words.isEmpty() ? text : apply(text, new LinkedHashSet<>());
    }

    private Text apply(Text text, Set<String> active) throws SyntaxError {
        List<SyntaxError> wrong = new ArrayList<>();
        Text result = replaceWords(text, (word, place) -> {
            String substitution = words.get(word);
            if (substitution == null || !wrong.isEmpty()) {
                return null;
            }
            try {
                if (!active.add(word)) {
                    throw new SyntaxError(
                            DiagnosticCode.BAD_DIRECTIVE,
                            place.span(),
                            "the definition of '" + word + "' leads back to itself: " + String.join(", ", active));
                }
                Text inner = apply(Text.replacing(substitution, place.span()), active);
                active.remove(word);
                return inner;
            } catch (SyntaxError error) {
                wrong.add(error);
                return null;
            }
        });
        if (!wrong.isEmpty()) {
            throw wrong.get(0);
        }
        if (result.length() > LONGEST_LINE) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_DIRECTIVE,
                    text.span(),
                    "this line grows to more than " + LONGEST_LINE + " chars by its definitions");
        }
        return result;
    }

    /** What a word is replaced by; null where it stays. */
    interface Replacement {
        Text of(String word, Text place);
    }

    /** Replaces words outside of string and char literals. */
    static Text replaceWords(Text text, Replacement replacement) {
        Text result = Text.EMPTY;
        boolean changed = false;
        int copied = 0;
        int i = 0;
        while (i < text.length()) {
            char c = text.at(i);
            if (c == '"' || c == '\'') {
                i = Scanner.literalEnd(text.chars(), i);
            } else if (Scanner.isWordStart(c)) {
                int end = Scanner.wordEnd(text, i);
                Text substitution = replacement.of(text.chars().substring(i, end), text.slice(i, end));
                if (substitution != null) {
                    result = result.plus(text.slice(copied, i)).plus(substitution);
                    copied = end;
                    changed = true;
                }
                i = end;
            } else if (Character.isDigit(c)) {
                while (i < text.length() && Scanner.isWordPart(text.at(i))) {
                    i++;
                }
            } else {
                i++;
            }
        }
        return changed ? result.plus(text.from(copied)) : text;
    }
}
