/** The notation: a stencil's text becomes {@link dev.intaglio.assembly.ir.Line}s. First stage of the pipeline. */
package dev.intaglio.assembly.syntax;
