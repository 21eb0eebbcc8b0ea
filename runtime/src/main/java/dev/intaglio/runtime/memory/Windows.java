package dev.intaglio.runtime.memory;

import java.util.Optional;

/** Where the sections of a buffer get the addresses they will have. */
public interface Windows {

    /** A window of {@code bytes}, or of what there is when less is free; empty when nothing is. */
    Optional<Window> acquire(Region region, int bytes);

    /** The window made at least {@code bytes} long without moving it; empty when what follows it is taken. */
    Optional<Window> extend(Window window, int bytes);

    /** The window without what it has grown far beyond these bytes, which is given back. */
    Window trim(Window window, int bytes);

    /** Gives a window back. */
    void release(Window window);

    /** The lowest address that a rel32 field anywhere in the code reaches. */
    long reachLow();

    /** The highest address that a rel32 field anywhere in the code reaches. */
    long reachHigh();
}
