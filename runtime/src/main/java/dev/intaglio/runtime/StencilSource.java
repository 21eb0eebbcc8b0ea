package dev.intaglio.runtime;

/**
 * What a listing and a message know of a stencil.
 *
 * @param emitter simple name of the interface that declares it
 * @param file name of its source file
 * @param stencil the method's name
 * @param parameters the names of its parameters
 * @param lines its lines as they are emitted, in the order of the text
 */
public record StencilSource(String emitter, String file, String stencil, String[] parameters, StencilLine... lines) {

    /** {@code FloatOps.loadFast (FloatOps.java:12)}. */
    String place(int line) {
        return emitter + "." + stencil + " (" + file + ":" + (line < lines.length ? lines[line].fileLine() : 0) + ")";
    }

    /** The place, with the text of the line. */
    String quote(int line) {
        return place(line) + (line < lines.length ? ": `" + lines[line].source() + "`" : "");
    }
}
