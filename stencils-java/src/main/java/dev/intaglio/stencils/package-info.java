/**
 * The micro-ops of CPython 3.11 as stencils, by topic. {@link dev.intaglio.stencils.Registers} tells which register holds
 * what in all of them, {@link dev.intaglio.stencils.Layout} where CPython keeps its fields.
 */
package dev.intaglio.stencils;
