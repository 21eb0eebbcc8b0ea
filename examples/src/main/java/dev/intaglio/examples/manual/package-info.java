/** The examples of docs/runtime.md and docs/debugging.md, a class for each topic; its {@code main} prints what the code gives. */
package dev.intaglio.examples.manual;
