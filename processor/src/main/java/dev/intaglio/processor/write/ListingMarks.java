package dev.intaglio.processor.write;

import java.util.ArrayList;
import java.util.List;

/** Where the lines of a run begin, for the listing: a few copies of positions, which are free where nobody lists. */
final class ListingMarks {
    private record Mark(int line, String place) {}

    private final StencilWriter stencil;
    private final List<Mark> marks = new ArrayList<>();

    ListingMarks(StencilWriter stencil) {
        this.stencil = stencil;
    }

    /** Notes that a line begins where the section's waiting bytes end. */
    void mark(int line, SectionState section, Source source) {
        marks.add(new Mark(line, section.lasting(stencil.names(), source)));
    }

    /** Writes the call that records the lines when somebody wants a listing. */
    void call(Values values, Source source) {
        if (marks.isEmpty()) {
            return;
        }
        List<String> starts = new ArrayList<>();
        marks.forEach(mark -> {
            starts.add(Integer.toString(mark.line()));
            starts.add(mark.place());
        });
        source.open("if (listing()) {");
        source.line("record(" + stencil.index() + ", new int[] {" + String.join(", ", starts) + "}, new Object[] {"
                + String.join(", ", stencil.parameterNames()) + "}, new long[] {"
                + String.join(", ", stencil.holes().values(values)) + "});");
        source.close();
    }
}
