package dev.intaglio.processor.source;

import dev.intaglio.processor.resolve.StencilText;
import java.util.Optional;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;

/**
 * Where a stencil's text stands.
 *
 * @param exact where javac tells: the file offsets of the text's chars
 */
public record StencilPlace(
        Element method,
        AnnotationMirror annotation,
        AnnotationValue value,
        StencilText text,
        Optional<ExactPlace> exact) {}
