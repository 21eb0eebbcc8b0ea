package dev.intaglio.cpython.jit;

import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.stencils.Attributes;
import dev.intaglio.stencils.AttributesEmitter;
import dev.intaglio.stencils.Calls;
import dev.intaglio.stencils.CallsEmitter;
import dev.intaglio.stencils.Checks;
import dev.intaglio.stencils.ChecksEmitter;
import dev.intaglio.stencils.Control;
import dev.intaglio.stencils.ControlEmitter;
import dev.intaglio.stencils.Exits;
import dev.intaglio.stencils.ExitsEmitter;
import dev.intaglio.stencils.Floats;
import dev.intaglio.stencils.FloatsEmitter;
import dev.intaglio.stencils.Frames;
import dev.intaglio.stencils.FramesEmitter;
import dev.intaglio.stencils.Helpers;
import dev.intaglio.stencils.HelpersEmitter;
import dev.intaglio.stencils.Ints;
import dev.intaglio.stencils.IntsEmitter;
import dev.intaglio.stencils.Objects;
import dev.intaglio.stencils.ObjectsEmitter;
import dev.intaglio.stencils.Sequences;
import dev.intaglio.stencils.SequencesEmitter;

/** Where all stencils come from: one emitter of each interface, writing to a buffer. Another way to emit them overrides. */
public interface Emitters {
    /** The emitters that the annotation processor wrote. */
    Emitters GENERATED = new Emitters() {};

    default Frames frames(CodeBuffer buffer) {
        return new FramesEmitter(buffer);
    }

    default Helpers helpers(CodeBuffer buffer) {
        return new HelpersEmitter(buffer);
    }

    default Objects objects(CodeBuffer buffer) {
        return new ObjectsEmitter(buffer);
    }

    default Attributes attributes(CodeBuffer buffer) {
        return new AttributesEmitter(buffer);
    }

    default Calls calls(CodeBuffer buffer) {
        return new CallsEmitter(buffer);
    }

    default Checks checks(CodeBuffer buffer) {
        return new ChecksEmitter(buffer);
    }

    default Control control(CodeBuffer buffer) {
        return new ControlEmitter(buffer);
    }

    default Exits exits(CodeBuffer buffer) {
        return new ExitsEmitter(buffer);
    }

    default Floats floats(CodeBuffer buffer) {
        return new FloatsEmitter(buffer);
    }

    default Ints ints(CodeBuffer buffer) {
        return new IntsEmitter(buffer);
    }

    default Sequences sequences(CodeBuffer buffer) {
        return new SequencesEmitter(buffer);
    }
}
