package dev.intaglio.processor.write;

/**
 * A source file for javac.
 *
 * @param className fully qualified
 */
public record GeneratedSource(String className, String text) {}
