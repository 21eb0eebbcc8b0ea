/** Benchmarks of single operations for JMH: {@code ./intaglio bench jmh}. */
package dev.intaglio.tests.bench.jmh;
