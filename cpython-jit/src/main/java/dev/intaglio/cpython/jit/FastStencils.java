package dev.intaglio.cpython.jit;

import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.stencils.Attributes;
import dev.intaglio.stencils.Exits;
import dev.intaglio.stencils.Floats;
import dev.intaglio.stencils.Ints;
import dev.intaglio.stencils.Sequences;

/** The stencils that only fast code needs. */
final class FastStencils {
    final Floats floats;
    final Ints ints;
    final Sequences sequences;
    final Attributes attributes;
    final Exits exits;

    FastStencils(Emitters emitters, CodeBuffer buffer) {
        floats = emitters.floats(buffer);
        ints = emitters.ints(buffer);
        sequences = emitters.sequences(buffer);
        attributes = emitters.attributes(buffer);
        exits = emitters.exits(buffer);
    }
}
