package dev.intaglio.runtime.memory;

import java.nio.ByteBuffer;

/** How bytes get into code of which everybody else sees only an executable view. */
interface CodeWriting {

    /** Lets a range that is now mapped for execution be written. */
    void grow(long offset, long length) throws Linux.Errno;

    /** Makes a range that can be written quick to touch. */
    default void populate(long offset, long length) {}

    /** Copies what remains of a buffer into the file. */
    void write(long offset, ByteBuffer bytes);

    /** Stores 4 or 8 bytes that lie within eight aligned ones, at once. */
    void patch(long offset, int width, long value) throws Linux.Errno;

    /** For a person. */
    String describe();

    /** Gives up what it mapped. */
    void close();
}
