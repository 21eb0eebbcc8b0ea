package dev.intaglio.tests.bench.formula;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;

/** Bytes that somebody else wrote. */
@Stencils
public interface Raw {
    @Stencil("| .byte value")
    void put(int value);
}
