package dev.intaglio.assembly.diagnostic;

import java.util.List;
import java.util.Optional;

/**
 * One mistake of a user: where it is, what was found, what was expected, and what to do.
 *
 * @param code the searchable name of the kind of mistake
 * @param span the place in the stencil's text
 * @param message what was found and what was expected, in the user's own spelling
 * @param details second places, candidates: one line each
 * @param help the remedy, ready to be typed where possible
 */
public record Diagnostic(DiagnosticCode code, Span span, String message, List<String> details, Optional<String> help) {
    public Diagnostic {
        details = List.copyOf(details);
    }

    /** {@code [asm/code] message}, the first line of what a user sees. */
    public String headline() {
        return "[" + code.id() + "] " + message;
    }

    /** The headline, the details and the remedy, one a line. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(headline());
        details.forEach(detail -> text.append('\n').append(detail));
        help.ifPresent(remedy -> text.append("\nhelp: ").append(remedy));
        return text.toString();
    }
}
