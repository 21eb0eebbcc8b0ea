package dev.intaglio.runtime.call;

/**
 * Code that calls a Java function.
 *
 * @param stub the code; it may lie anywhere
 * @param close run when the code is gone
 */
public record UpcallEntry(byte[] stub, Runnable close) {}
