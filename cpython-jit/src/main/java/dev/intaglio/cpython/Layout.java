package dev.intaglio.cpython;

/**
 * Where CPython 3.11 keeps what the compiler and its code touch: byte offsets into its structs on x86-64 Linux, by header
 * file. They are part of 3.11's ABI of inner structs, which patch releases have kept; {@link LayoutCheck} compares them with
 * the running library.
 */
public final class Layout {
    // cpython/initconfig.h: PyConfig
    static final int CONFIG_PROGRAM_NAME = 264;
    static final int CONFIG_HOME = 280;
    static final int CONFIG_EXECUTABLE = 328;

    private Layout() {}
}
