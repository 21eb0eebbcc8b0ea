/**
 * How the features of the CPU are found out.
 *
 * <p>Internal: none of it is API, and all of it may change at any time. Clients see {@link dev.intaglio.runtime.Cpu}.
 */
package dev.intaglio.runtime.cpu;
