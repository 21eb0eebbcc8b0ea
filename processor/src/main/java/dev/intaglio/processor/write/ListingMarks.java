package dev.intaglio.processor.write;

import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import dev.intaglio.processor.layout.Run;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Modifier;

/**
 * Where the lines of a run begin, for the listing: a few copies of positions, which are free where nobody lists. What records
 * them stands in the class of the sources, so that who never lists never loads it.
 */
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

    /** Notes that a line begins at the place that a local holds. */
    void mark(int line, String place) {
        marks.add(new Mark(line, place));
    }

    boolean isEmpty() {
        return marks.isEmpty();
    }

    /** The statement that records the lines when somebody wants a listing. */
    String call(Values values, Run run) {
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
        List<String> given = given(operands);
        return 2 * given.size() + 2 * anchors.size() + 2 * longs.size() > MOST_ARGUMENTS
                ? record(starts, given, operands)
                : method(anchors, longs, given, record(starts, stencil.parameterNames(), operands));
    }

    private String record(List<String> starts, List<String> arguments, List<String> operands) {
        return "record(" + stencil.index() + ", new long[] {" + String.join(", ", starts) + "}, new Object[] {"
                + String.join(", ", arguments) + "}, new long[] {" + String.join(", ", operands) + "});";
    }

    /** The arguments as they were given; one that is also a value of this run as it is now. */
    private List<String> given(List<String> operands) {
        List<String> given = new ArrayList<>();
        for (int i = 0; i < stencil.parameterNames().size(); i++) {
            String parameter = stencil.parameterNames().get(i);
            given.add(
                    operands.contains(parameter)
                            ? parameter
                            : stencil.givenNames().get(i));
        }
        return given;
    }

    /** Adds the method and gives its call. */
    private String method(Set<String> anchors, Set<String> longs, List<String> given, String record) {
        String name = stencil.memberName("list");
        String self = self(longs, anchors);
        MethodSpec.Builder method =
                MethodSpec.methodBuilder(name).addModifiers(Modifier.STATIC).addParameter(stencil.emitter(), self);
        List<String> arguments = new ArrayList<>();
        arguments.add(stencil.hasInnerCode() ? stencil.emitter().simpleName() + ".this" : "this");
        arguments.addAll(given);
        stencil.unit()
                .parameters()
                .forEach(parameter -> method.addParameter(StencilWriter.type(parameter.javaType()), parameter.name()));
        anchors.forEach(anchor -> method.addParameter(TypeName.LONG, anchor));
        longs.forEach(value -> method.addParameter(TypeName.LONG, value));
        arguments.addAll(anchors);
        arguments.addAll(longs);
        stencil.addListing(
                method.addCode("$L", new Source().line(self + "." + record)).build());
        return "Sources." + name + "(" + String.join(", ", arguments) + ");";
    }

    /** What the emitter is called where these locals and the stencil's parameters are known. */
    private String self(Set<String> longs, Set<String> anchors) {
        String self = "emitter";
        while (stencil.parameterNames().contains(self) || longs.contains(self) || anchors.contains(self)) {
            self += "_";
        }
        return self;
    }
}
