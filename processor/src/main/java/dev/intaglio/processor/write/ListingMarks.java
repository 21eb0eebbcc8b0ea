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
 * Where the lines of a run begin, for the listing: a few copies of positions, which cost little where nobody lists. What the run is emitted
 * with is recorded at its head, so that no emission need keep it up to the end. What records stands in the class of the sources, so
 * that who never lists never loads it.
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

    /** The statement for the head of the run, where its values are known: it records what the lines are emitted with. */
    String call(Values values, Run run) {
        List<String> operands = stencil.holes().values(values, run);
        Set<String> longs = new LinkedHashSet<>(operands);
        stencil.parameterNames().forEach(longs::remove);
        longs.removeIf(name -> !Character.isJavaIdentifierStart(name.charAt(0)));
        List<String> given = given(operands);
        if (2 * given.size() + 2 * longs.size() > MOST_ARGUMENTS) {
            return record(given, operands);
        }
        String self = self(longs);
        String name = stencil.memberName("list");
        MethodSpec.Builder method = method(name, self);
        stencil.unit()
                .parameters()
                .forEach(parameter -> method.addParameter(StencilWriter.type(parameter.javaType()), parameter.name()));
        List<String> arguments = new ArrayList<>(given);
        arguments.addAll(longs);
        return elsewhere(method, name, longs, arguments, self + "." + record(stencil.parameterNames(), operands));
    }

    private String record(List<String> arguments, List<String> operands) {
        return "recordCall(" + stencil.index() + ", new Object[] {" + String.join(", ", arguments) + "}, new long[] {"
                + String.join(", ", operands) + "});";
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

    /** The statement for the end of the run: it records where the lines begin. */
    String lines() {
        List<String> starts = new ArrayList<>();
        Set<String> anchors = new LinkedHashSet<>();
        marks.forEach(mark -> {
            starts.add(Integer.toString(mark.line()));
            starts.add(mark.place());
            anchors.add(mark.place().split(" ")[0]);
        });
        String record = "recordLines(" + String.join(", ", starts) + ");";
        if (2 * anchors.size() > MOST_ARGUMENTS) {
            return record;
        }
        String self = self(anchors);
        String name = stencil.memberName("lay");
        return elsewhere(method(name, self), name, anchors, List.copyOf(anchors), self + "." + record);
    }

    private MethodSpec.Builder method(String name, String self) {
        return MethodSpec.methodBuilder(name).addModifiers(Modifier.STATIC).addParameter(stencil.emitter(), self);
    }

    /** Adds the method, with these longs behind its parameters, and gives its call. */
    private String elsewhere(
            MethodSpec.Builder method, String name, Set<String> longs, List<String> arguments, String statement) {
        longs.forEach(value -> method.addParameter(TypeName.LONG, value));
        stencil.addListing(method.addCode("$L", new Source().line(statement)).build());
        List<String> all = new ArrayList<>();
        all.add(stencil.hasInnerCode() ? stencil.emitter().simpleName() + ".this" : "this");
        all.addAll(arguments);
        return "Sources." + name + "(" + String.join(", ", all) + ");";
    }

    /** What the emitter is called where these locals and the stencil's parameters are known. */
    private String self(Set<String> longs) {
        String self = "emitter";
        while (stencil.parameterNames().contains(self) || longs.contains(self)) {
            self += "_";
        }
        return self;
    }
}
