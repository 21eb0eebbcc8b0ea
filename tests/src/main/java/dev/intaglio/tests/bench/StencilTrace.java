package dev.intaglio.tests.bench;

import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.Label;

/** Emits a trace through the stencils. */
final class StencilTrace {
    private final EmissionStencils stencils;
    private final Label[] labels = new Label[Trace.LENGTH];

    StencilTrace(CodeBuffer buffer) {
        stencils = new EmissionStencilsEmitter(buffer);
        for (int i = 0; i < labels.length; i++) {
            labels[i] = new Label();
        }
    }

    void emit(Trace trace, long dealloc, long deopt, long function) {
        int[] ops = trace.ops();
        for (int i = 0; i < Trace.LENGTH; i++) {
            Label here = labels[i];
            int slot = trace.sp()[i];
            int local = trace.a()[i];
            int exit = trace.exit()[i];
            switch (ops[i]) {
                case Trace.LOAD -> stencils.load(here, slot, local);
                case Trace.STORE -> stencils.store(here, slot, local, dealloc);
                case Trace.GUARD -> stencils.guard(here, slot, trace.ptr()[i], exit, deopt);
                case Trace.ADD -> stencils.add(here, slot, dealloc);
                case Trace.CONSTANT -> stencils.constant(here, slot, trace.ptr()[i], exit);
                case Trace.COMPARE -> stencils.compare(here, slot, labels[trace.target()[i]], dealloc);
                case Trace.LOOP -> stencils.loop(here, labels[trace.target()[i]], exit, deopt);
                case Trace.EXIT -> stencils.exit(here, slot, exit);
                case Trace.ATTRIBUTE -> stencils.attribute(here, slot, local, trace.imm()[i], exit, deopt);
                case Trace.INTEGER ->
                    stencils.integer(here, slot, trace.imm()[i], trace.ptr()[i], function, exit, deopt);
                default -> throw new IllegalStateException("no op " + ops[i]);
            }
        }
    }
}
