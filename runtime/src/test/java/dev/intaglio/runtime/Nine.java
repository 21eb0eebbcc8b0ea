package dev.intaglio.runtime;

/** More arguments than registers, so that the trampoline is a function with a frame. */
interface Nine {
    long call(long a, long b, long c, long d, long e, long f, long g, long h, long i);
}
