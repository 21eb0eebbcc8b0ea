/**
 * Calls from Java into emitted code: a Java functional interface on one side, an address and the System V calling
 * convention on the other, in the fastest of three ways that the JVM has.
 */
package dev.intaglio.runtime.call;
