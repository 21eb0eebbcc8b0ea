package dev.intaglio.tests.bench.formula;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;

/**
 * A critical call comes with what Java's own code has left in the upper halves of vector registers, which makes SSE instructions ten
 * times slower; JNI clears them before a call.
 */
@Stencils
public interface Upper {
    @Stencil("| vzeroupper")
    void clear();
}
