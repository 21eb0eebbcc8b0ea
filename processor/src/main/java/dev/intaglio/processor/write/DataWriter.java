package dev.intaglio.processor.write;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.encode.EncodingPlan.RangeCheck;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Line;

/** Writes data directives. */
final class DataWriter {
    private final RunWriter run;
    private final StencilWriter stencil;
    private final SectionState section;

    DataWriter(RunWriter run, StencilWriter stencil, SectionState section) {
        this.run = run;
        this.stencil = stencil;
        this.section = section;
    }

    void write(Line.Data data) {
        for (Line.DataItem item : data.items()) {
            if (item instanceof Line.DataItem.Value value) {
                value(value.value(), data.itemBytes());
            } else if (item instanceof Line.DataItem.LabelAddress address) {
                field("absolute8(", "", run.label(address.label()), address.offset(), 8);
            } else if (item instanceof Line.DataItem.LabelDistance distance) {
                distance(run.label(distance.label()), "null", distance.offset(), data.itemBytes());
            } else if (item instanceof Line.DataItem.LabelDifference difference) {
                String label = run.label(difference.label());
                distance(label, run.label(difference.from()), difference.offset(), data.itemBytes());
            }
        }
    }

    private void value(Expression value, int bytes) {
        if (!value.isConstant()) {
            if (bytes < 8) {
                long half = 1L << bytes * 8 - 1;
                run.check(RangeCheck.within(value, -half, 2 * half - 1, bytes * 8 + "-bit data"));
            }
            section.stores().value(bytes, run.value(value, "item"));
            return;
        }
        long constant = value.constant().getAsLong();
        long half = bytes < 8 ? 1L << bytes * 8 - 1 : 0;
        if (bytes < 8 && (constant < -half || constant >= 2 * half)) {
            stencil.report(
                    DiagnosticCode.OUT_OF_RANGE,
                    run.line(),
                    constant + " does not fit the " + bytes + " byte" + (bytes == 1 ? "" : "s") + " of an item",
                    "use a directive with larger items");
            return;
        }
        for (int i = 0; i < bytes; i++) {
            section.stores().constant((int) (constant >> 8 * i));
        }
    }

    private void distance(String label, String from, Expression offset, int bytes) {
        String value = run.value(offset, "offset");
        section.flush(run.source());
        run.source()
                .line("distance(" + section.section() + ", " + section.position() + ", " + bytes + ", " + label + ", "
                        + from + ", " + value + ", " + run.site() + ");");
        section.advance(bytes, run.source());
    }

    private void field(String method, String middle, String label, Expression offset, int bytes) {
        String value = run.value(offset, "offset");
        section.flush(run.source());
        run.source()
                .line(method + section.section() + ", " + section.position() + ", " + middle + label + ", " + value
                        + ", " + run.site() + ");");
        section.advance(bytes, run.source());
    }
}
