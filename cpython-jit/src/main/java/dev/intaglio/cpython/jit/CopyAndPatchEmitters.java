package dev.intaglio.cpython.jit;

import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.stencils.Attributes;
import dev.intaglio.stencils.AttributesCopyAndPatchEmitter;
import dev.intaglio.stencils.Calls;
import dev.intaglio.stencils.CallsCopyAndPatchEmitter;
import dev.intaglio.stencils.Checks;
import dev.intaglio.stencils.ChecksCopyAndPatchEmitter;
import dev.intaglio.stencils.Control;
import dev.intaglio.stencils.ControlCopyAndPatchEmitter;
import dev.intaglio.stencils.Exits;
import dev.intaglio.stencils.ExitsCopyAndPatchEmitter;
import dev.intaglio.stencils.Floats;
import dev.intaglio.stencils.FloatsCopyAndPatchEmitter;
import dev.intaglio.stencils.Frames;
import dev.intaglio.stencils.FramesCopyAndPatchEmitter;
import dev.intaglio.stencils.Helpers;
import dev.intaglio.stencils.HelpersCopyAndPatchEmitter;
import dev.intaglio.stencils.Ints;
import dev.intaglio.stencils.IntsCopyAndPatchEmitter;
import dev.intaglio.stencils.Objects;
import dev.intaglio.stencils.ObjectsCopyAndPatchEmitter;
import dev.intaglio.stencils.Sequences;
import dev.intaglio.stencils.SequencesCopyAndPatchEmitter;

/** The same stencils as a copy-and-patch compiler would emit them: what {@code --jit=copy-and-patch} runs, to compare with. */
public final class CopyAndPatchEmitters implements Emitters {
    @Override
    public Attributes attributes(CodeBuffer buffer) {
        return new AttributesCopyAndPatchEmitter(buffer);
    }

    @Override
    public Calls calls(CodeBuffer buffer) {
        return new CallsCopyAndPatchEmitter(buffer);
    }

    @Override
    public Checks checks(CodeBuffer buffer) {
        return new ChecksCopyAndPatchEmitter(buffer);
    }

    @Override
    public Frames frames(CodeBuffer buffer) {
        return new FramesCopyAndPatchEmitter(buffer);
    }

    @Override
    public Helpers helpers(CodeBuffer buffer) {
        return new HelpersCopyAndPatchEmitter(buffer);
    }

    @Override
    public Objects objects(CodeBuffer buffer) {
        return new ObjectsCopyAndPatchEmitter(buffer);
    }

    @Override
    public Control control(CodeBuffer buffer) {
        return new ControlCopyAndPatchEmitter(buffer);
    }

    @Override
    public Exits exits(CodeBuffer buffer) {
        return new ExitsCopyAndPatchEmitter(buffer);
    }

    @Override
    public Floats floats(CodeBuffer buffer) {
        return new FloatsCopyAndPatchEmitter(buffer);
    }

    @Override
    public Ints ints(CodeBuffer buffer) {
        return new IntsCopyAndPatchEmitter(buffer);
    }

    @Override
    public Sequences sequences(CodeBuffer buffer) {
        return new SequencesCopyAndPatchEmitter(buffer);
    }
}
