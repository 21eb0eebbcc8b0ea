package dev.intaglio.tests.bench;

import dev.intaglio.runtime.Label;

/** Emits a trace through the stencils. */
final class StencilTrace {
    private final EmissionStencils stencils;
    private final Label[] labels = new Label[Trace.LENGTH];

    StencilTrace(EmissionStencils stencils) {
        this.stencils = stencils;
        for (int i = 0; i < labels.length; i++) {
            labels[i] = new Label();
        }
    }

    void emit(Trace trace, long dealloc, long deopt, long function) {
        int[] ops = trace.ops();
        int[] sp = trace.sp();
        int[] a = trace.a();
        int[] exit = trace.exit();
        int[] target = trace.target();
        int[] imm = trace.imm();
        long[] ptr = trace.ptr();
        for (int i = 0; i < Trace.LENGTH; i++) {
            switch (ops[i]) {
                case Trace.LOAD -> stencils.load(labels[i], sp[i], a[i]);
                case Trace.STORE -> stencils.store(labels[i], sp[i], a[i], dealloc);
                case Trace.GUARD -> stencils.guard(labels[i], sp[i], ptr[i], exit[i], deopt);
                case Trace.ADD -> stencils.add(labels[i], sp[i], dealloc);
                case Trace.CONSTANT -> stencils.constant(labels[i], sp[i], ptr[i], exit[i]);
                case Trace.COMPARE -> stencils.compare(labels[i], sp[i], labels[target[i]], dealloc);
                case Trace.LOOP -> stencils.loop(labels[i], labels[target[i]], exit[i], deopt);
                case Trace.EXIT -> stencils.exit(labels[i], sp[i], exit[i]);
                case Trace.ATTRIBUTE -> stencils.attribute(labels[i], sp[i], a[i], imm[i], exit[i], deopt);
                case Trace.INTEGER -> stencils.integer(labels[i], sp[i], imm[i], ptr[i], function, exit[i], deopt);
                default -> throw new IllegalStateException("no op " + ops[i]);
            }
        }
    }
}
