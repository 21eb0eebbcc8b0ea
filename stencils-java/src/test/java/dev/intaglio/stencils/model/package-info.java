/**
 * The stencils against plain Java: each interface has a model, a class that implements the same interface on a
 * {@link dev.intaglio.stencils.model.Machine}, so that a stencil without a model does not compile.
 */
package dev.intaglio.stencils.model;
