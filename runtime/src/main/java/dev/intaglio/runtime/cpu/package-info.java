/** How the features of the CPU are found out: for the runtime itself, clients see {@code Cpu}. */
package dev.intaglio.runtime.cpu;
