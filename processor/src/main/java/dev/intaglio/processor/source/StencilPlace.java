package dev.intaglio.processor.source;

import dev.intaglio.processor.resolve.StencilText;
import java.util.Optional;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;

/**
 * Where a stencil's text stands.
 *
 * @param alternative which of the texts of its method it is, from 0
 * @param exact where javac tells: the file offsets of the text's chars
 */
public record StencilPlace(
        Element method,
        int alternative,
        AnnotationMirror annotation,
        AnnotationValue value,
        StencilText text,
        Optional<ExactPlace> exact) {}
