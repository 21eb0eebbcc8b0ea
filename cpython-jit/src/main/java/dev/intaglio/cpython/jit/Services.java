package dev.intaglio.cpython.jit;

/**
 * What every compilation uses.
 *
 * @param emitters where the stencils come from
 * @param api libpython's addresses
 * @param routines what compiled code shares
 * @param statistics what is told at the end
 * @param optimize the address of the request for fast code
 */
record Services(Emitters emitters, Api api, Routines routines, Statistics statistics, long optimize) {}
