package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.diagnostic.Diagnostic;
import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.diagnostic.Span;
import java.util.List;
import java.util.Optional;

/** Ends the parsing of one statement; the statement's parser reports it and goes on with the next. */
final class SyntaxError extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Diagnostic diagnostic;

    SyntaxError(DiagnosticCode code, Span span, String message, Optional<String> help) {
        super(message, null, false, false);
        diagnostic = new Diagnostic(code, span, message, List.of(), help);
    }

    SyntaxError(DiagnosticCode code, Span span, String message) {
        this(code, span, message, Optional.empty());
    }

    SyntaxError(DiagnosticCode code, Span span, String message, String help) {
        this(code, span, message, Optional.of(help));
    }

    Diagnostic diagnostic() {
        return diagnostic;
    }
}
