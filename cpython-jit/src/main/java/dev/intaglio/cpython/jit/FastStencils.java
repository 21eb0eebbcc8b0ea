package dev.intaglio.cpython.jit;

import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.stencils.Exits;
import dev.intaglio.stencils.ExitsEmitter;
import dev.intaglio.stencils.Floats;
import dev.intaglio.stencils.FloatsEmitter;
import dev.intaglio.stencils.Ints;
import dev.intaglio.stencils.IntsEmitter;
import dev.intaglio.stencils.Sequences;
import dev.intaglio.stencils.SequencesEmitter;

/** The stencils that only fast code needs. */
final class FastStencils {
    final Floats floats;
    final Ints ints;
    final Sequences sequences;
    final Exits exits;

    FastStencils(CodeBuffer buffer) {
        floats = new FloatsEmitter(buffer);
        ints = new IntsEmitter(buffer);
        sequences = new SequencesEmitter(buffer);
        exits = new ExitsEmitter(buffer);
    }
}
