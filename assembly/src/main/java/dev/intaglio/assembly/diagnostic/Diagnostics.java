package dev.intaglio.assembly.diagnostic;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects the mistakes of one stencil, so that all of them are reported and a stage can go on after each. */
public final class Diagnostics {
    private final List<Diagnostic> reported = new ArrayList<>();

    public void report(DiagnosticCode code, Span span, String message) {
        report(new Diagnostic(code, span, message, List.of(), Optional.empty()));
    }

    public void report(DiagnosticCode code, Span span, String message, String help) {
        report(new Diagnostic(code, span, message, List.of(), Optional.of(help)));
    }

    public void report(Diagnostic diagnostic) {
        reported.add(diagnostic);
    }

    public boolean hasErrors() {
        return reported.stream().anyMatch(one -> !one.code().isWarning());
    }

    public List<Diagnostic> all() {
        return List.copyOf(reported);
    }
}
