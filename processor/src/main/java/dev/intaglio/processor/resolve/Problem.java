package dev.intaglio.processor.resolve;

import dev.intaglio.assembly.diagnostic.Diagnostic;
import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.diagnostic.Span;
import java.util.List;
import java.util.Optional;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;

/**
 * A mistake in a declaration, where javac points at the element itself, or at a value of its annotation.
 *
 * @param annotation where the mistake is in one
 * @param value likewise
 */
public record Problem(
        Element element,
        Optional<AnnotationMirror> annotation,
        Optional<AnnotationValue> value,
        Diagnostic diagnostic) {

    static Problem of(Element element, String message, String help) {
        return new Problem(element, Optional.empty(), Optional.empty(), diagnostic(message, help));
    }

    static Problem of(
            Element element,
            AnnotationMirror annotation,
            Optional<AnnotationValue> value,
            String message,
            String help) {
        return new Problem(element, Optional.of(annotation), value, diagnostic(message, help));
    }

    private static Diagnostic diagnostic(String message, String help) {
        return new Diagnostic(DiagnosticCode.BAD_STENCIL, new Span(0, 0), message, List.of(), Optional.of(help));
    }
}
