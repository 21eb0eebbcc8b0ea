package dev.intaglio.runtime;

import java.util.Optional;

/**
 * What lies at an address of emitted code.
 *
 * @param code the name given at commit, or what code of the runtime's own is for
 * @param section {@code code}, {@code cold}, {@code data} or a user's name
 * @param offset bytes from the start of that section
 * @param closed whether the piece was closed and holds its memory only for a call that is under way, or for code that refers to it
 * @param source where the byte comes from; empty where no stencil wrote it, or its buffer did not note lines
 */
public record CodePlace(String code, String section, long offset, boolean closed, Optional<Source> source) {

    /**
     * The line of a stencil that wrote a byte.
     *
     * @param stencil the interface and the method, {@code FloatOps.loadFast}
     * @param file name of the source file
     * @param line in that file, counted from 1
     * @param text the assembly, with the values it was emitted with
     */
    public record Source(String stencil, String file, int line, String text) {

        /** {@code FloatOps.loadFast (FloatOps.java:12): inc qword [rdi]}. */
        @Override
        public String toString() {
            return stencil + " (" + file + ":" + line + "): " + text;
        }
    }

    /** {@code sum.cold+0x12, FloatOps.release (FloatOps.java:12): call 0x7f00}. */
    @Override
    public String toString() {
        return code + (section.equals("code") ? "" : "." + section) + "+0x" + Long.toHexString(offset)
                + (closed ? ", closed" : "")
                + source.map(line -> ", " + line).orElse("");
    }
}
