package dev.intaglio.stencils.model;

import java.util.List;

/**
 * A function outside of the stencils, as they may know it.
 *
 * @param arguments the registers in which it is handed something
 * @param changed the general registers that it may change beside rax
 * @param isC whether it is compiled from C: it wants an aligned stack, and changes all xmm registers too
 */
record Foreign(String name, int id, long address, List<Integer> arguments, List<Integer> changed, boolean isC) {}
