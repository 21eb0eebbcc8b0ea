/** Encoding plans become the Java source of an emitter. All use of JavaPoet is here. */
package dev.intaglio.processor.write;
