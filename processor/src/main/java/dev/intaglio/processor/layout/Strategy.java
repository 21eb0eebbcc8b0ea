package dev.intaglio.processor.layout;

import dev.intaglio.assembly.ir.Line;
import java.util.List;
import java.util.Locale;

/** How stencils become bytes. */
public enum Strategy {
    /** As well as it can be done. */
    OPTIMIZED(""),

    /** As written: values in the fewest bytes, and no rule. */
    UNOPTIMIZED("Unoptimized"),

    /**
     * As a copy-and-patch compiler does it, to compare with: fields of values are as wide as any value needs, constants take
     * ten bytes, calls go through a table, branches to labels are long, cold code follows the hot, and no rule rewrites
     * anything. Registers chosen at emission, which copy-and-patch does not have, are encoded as always.
     */
    COPY_AND_PATCH("CopyAndPatch");

    private final String infix;

    Strategy(String infix) {
        this.infix = infix;
    }

    /** What stands between the interface's name and {@code Emitter} where several emitters are written. */
    public String infix() {
        return infix;
    }

    /** The lines in the sections that the strategy has. */
    public List<Line> arranged(List<Line> lines) {
        return this == COPY_AND_PATCH ? InlineCold.of(lines) : lines;
    }

    /** The name as an option has it: {@code copy-and-patch}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
