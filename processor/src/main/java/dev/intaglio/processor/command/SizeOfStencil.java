package dev.intaglio.processor.command;

import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.processor.layout.LocalLabels;
import dev.intaglio.processor.layout.Plans;
import dev.intaglio.processor.layout.Plans.Planned;
import dev.intaglio.processor.layout.Reach;
import dev.intaglio.processor.layout.Run;
import dev.intaglio.processor.resolve.StencilUnit;
import java.util.List;

/**
 * How much a stencil emits, each line counted once.
 *
 * @param instructions in all sections
 * @param hot the fewest and the most bytes of the hot section
 * @param other likewise of all others
 */
record SizeOfStencil(int instructions, Range hot, Range other) {
    static final SizeOfStencil NOTHING = new SizeOfStencil(0, new Range(0, 0), new Range(0, 0));

    /** Bytes, by the values that are emitted. */
    record Range(int least, int most) {
        Range plus(Range more) {
            return new Range(least + more.least, most + more.most);
        }

        @Override
        public String toString() {
            return least == most ? Integer.toString(least) : least + "\u2013" + most;
        }
    }

    static SizeOfStencil of(StencilUnit stencil) {
        List<Planned> planned = Plans.of(
                stencil.lines(), stencil.contract(), stencil.target().allowed(), stencil.strategy(), new Diagnostics());
        Reach reach = new Reach(planned, new LocalLabels(planned, Run.of(stencil.lines())), unused -> false);
        SizeOfStencil size = NOTHING;
        for (int i = 0; i < planned.size(); i++) {
            Range line = new Range(reach.minLength(i), reach.maxLength(i));
            boolean hot = planned.get(i).section().equals("code");
            Range none = new Range(0, 0);
            int one = planned.get(i).line() instanceof Instruction ? 1 : 0;
            size = size.plus(new SizeOfStencil(one, hot ? line : none, hot ? none : line));
        }
        return size;
    }

    SizeOfStencil plus(SizeOfStencil more) {
        return new SizeOfStencil(instructions + more.instructions, hot.plus(more.hot), other.plus(more.other));
    }

    Range all() {
        return hot.plus(other);
    }
}
