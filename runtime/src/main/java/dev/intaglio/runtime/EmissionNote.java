package dev.intaglio.runtime;

/** What one call of a stencil emitted, as noted for the listing; lives no longer than the buffer's piece and its code. */
record EmissionNote(StencilSource source, int[] starts, Object[] arguments, long[] operands) {}
