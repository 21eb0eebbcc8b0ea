package dev.intaglio.processor.resolve;

import dev.intaglio.assembly.diagnostic.Diagnostic;
import javax.lang.model.element.Element;

/** A mistake in a declaration, where javac points at the element itself. */
public record Problem(Element element, Diagnostic diagnostic) {}
