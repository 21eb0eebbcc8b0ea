/**
 * Liveness over a stencil's lines, and rewriting rules that are text: read, checked against the instruction table, and
 * applied between parsing and encoding.
 */
package dev.intaglio.peephole;
