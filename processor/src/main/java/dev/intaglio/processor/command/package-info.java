/** The command line: {@code assemble} and {@code list}. */
package dev.intaglio.processor.command;
