/** The annotation processor: a text block becomes an emitter. {@link dev.intaglio.processor.Pipeline} is its table of contents. */
package dev.intaglio.processor;
