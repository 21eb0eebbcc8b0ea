package dev.intaglio.processor.resolve;

import dev.intaglio.assembly.ir.ExpressionType;

/**
 * A parameter of a stencil.
 *
 * @param javaType as it is declared: a primitive type or a qualified class name
 */
public record StencilParameter(String name, ExpressionType type, String javaType) {}
