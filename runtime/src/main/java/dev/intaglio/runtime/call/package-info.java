/**
 * Calls from Java into emitted code: a Java functional interface on one side, an address and the System V calling
 * convention on the other, in the fastest of three ways that the JVM has.
 *
 * <p>Internal: none of it is API, and all of it may change at any time. Clients bind with {@link dev.intaglio.runtime.Code#bind}.
 */
package dev.intaglio.runtime.call;
