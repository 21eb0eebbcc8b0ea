package dev.intaglio.processor.write;

import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import dev.intaglio.processor.layout.Run;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Modifier;

/** Where the lines of a run begin, for the listing: a few copies of positions, which are free where nobody lists. */
final class ListingMarks {
    /** A method takes at most 255 slots. */
    private static final int MOST_ARGUMENTS = 240;

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

    /** Writes the call that records the lines when somebody wants a listing; what it takes stands in a method of its own. */
    void call(Values values, Run run, Source source) {
        if (marks.isEmpty()) {
            return;
        }
        List<String> starts = new ArrayList<>();
        Set<String> anchors = new LinkedHashSet<>();
        marks.forEach(mark -> {
            starts.add(Integer.toString(mark.line()));
            starts.add(mark.place());
            anchors.add(mark.place().split(" ")[0]);
        });
        List<String> operands = stencil.holes().values(values, run);
        Set<String> longs = new LinkedHashSet<>(operands);
        stencil.parameterNames().forEach(longs::remove);
        longs.removeIf(name -> !Character.isJavaIdentifierStart(name.charAt(0)));
        String record = "record(" + stencil.index() + ", new long[] {" + String.join(", ", starts)
                + "}, new Object[] {" + String.join(", ", stencil.parameterNames()) + "}, new long[] {"
                + String.join(", ", operands) + "});";
        source.open("if (listing()) {");
        if (2 * stencil.parameterNames().size() + 2 * anchors.size() + 2 * longs.size() > MOST_ARGUMENTS) {
            source.line(record);
        } else {
            source.line(method(anchors, longs, record));
        }
        source.close();
    }

    /** Adds the method and gives its call. */
    private String method(Set<String> anchors, Set<String> longs, String record) {
        String name = stencil.memberName("list");
        MethodSpec.Builder method = MethodSpec.methodBuilder(name).addModifiers(Modifier.PRIVATE);
        List<String> arguments = new ArrayList<>(stencil.parameterNames());
        stencil.unit()
                .parameters()
                .forEach(parameter -> method.addParameter(StencilWriter.type(parameter.javaType()), parameter.name()));
        anchors.forEach(anchor -> method.addParameter(TypeName.LONG, anchor));
        longs.forEach(value -> method.addParameter(TypeName.LONG, value));
        arguments.addAll(anchors);
        arguments.addAll(longs);
        stencil.addMethod(method.addCode("$L", new Source().line(record)).build());
        return name + "(" + String.join(", ", arguments) + ");";
    }
}
