package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import java.util.HashMap;
import java.util.Map;

/** Word substitution: {@code .define}s and the parameters of macros. */
final class Defines {
    private static final int MOST_ROUNDS = 100;

    private final Map<String, String> words = new HashMap<>();

    void define(String word, String substitution) {
        words.put(word, substitution);
    }

    boolean isEmpty() {
        return words.isEmpty();
    }

    /** The text with all defined words replaced, until none is left. */
    Text apply(Text text) throws SyntaxError {
        Text result = text;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            Text next = once(result);
            if (next.chars().equals(result.chars())) {
                return result;
            }
            result = next;
        }
        throw new SyntaxError(
                DiagnosticCode.BAD_DIRECTIVE, text.span(), "these definitions refer to each other without end");
    }

    /** One round of substitution. */
    Text once(Text text) {
        if (words.isEmpty()) {
            return text;
        }
        Text result = Text.at("", 0);
        boolean changed = false;
        int copied = 0;
        int i = 0;
        while (i < text.length()) {
            char c = text.at(i);
            if (c == '"' || c == '\'') {
                i = Scanner.literalEnd(text.chars(), i);
            } else if (Scanner.isWordStart(c)) {
                int end = Scanner.wordEnd(text, i);
                String substitution = words.get(text.chars().substring(i, end));
                if (substitution != null) {
                    result = result.plus(text.slice(copied, i)).plus(Text.replacing(substitution, text.span(i, end)));
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
