/** A small compiler of formulas with several ways to make code of them, for {@code ./intaglio bench compile}. */
package dev.intaglio.tests.bench.formula;
