package dev.intaglio.processor.write;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.encode.EncodingPlan.RangeCheck;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.LabelReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Local labels whose definition and references lie in one run. A distance is a constant where all bytes between are, is
 * computed where the target's position is known already, and is patched at the definition otherwise.
 */
final class StaticLabels {
    /** No two places of a cache, nor of a detached buffer, are farther apart. */
    private static final long MOST = 1L << 30;

    /** A field that waits for a definition: {@code size} bytes at {@code field}, {@code behind} bytes before the next instruction. */
    private record Patch(SectionState section, String field, int size, int behind, String offset) {}

    private final StencilWriter stencil;
    private final RunWriter run;
    private final Map<Integer, String> definitions = new HashMap<>();
    private final Map<Integer, List<Patch>> patches = new HashMap<>();
    private final Map<String, String> distances = new HashMap<>();

    StaticLabels(StencilWriter stencil, RunWriter run) {
        this.stencil = stencil;
        this.run = run;
    }

    /** Notes the position of a definition for the references behind it, and patches those before it. */
    void define(int line, SectionState section) {
        if (stencil.labels().isReferredBackwards(line)) {
            String name = stencil.names().fresh("label" + stencil.localNumber(line));
            run.source().line("long " + name + " = " + section.here() + ";");
            definitions.put(line, name);
        }
        for (Patch patch : patches.getOrDefault(line, List.of())) {
            patch.section().flush(run.source());
            String end = patch.field() + " + " + patch.behind();
            String distance = section == patch.section()
                    ? section.here() + " - (" + end + ")"
                    : between(patch.section(), section) + " + " + section.here() + " - (" + end + ")";
            run.source()
                    .line((patch.size() == 1 ? "put1(" : "put4(") + patch.field() + ", (int) (" + distance
                            + patch.offset() + "));");
        }
    }

    /** The local that holds the position of a definition that has been passed. */
    String position(int definition) {
        return definitions.get(definition);
    }

    /** Adds the field that refers to a label: 1 or 4 bytes, with {@code trailing} bytes of the instruction behind it. */
    void refer(LabelReference label, Expression offset, int size, int trailing, SectionState section) {
        OptionalInt definition = stencil.labels().definition(label, run.line());
        if (definition.isEmpty()) {
            return; // reported when the text was parsed
        }
        check(offset);
        int there = definition.getAsInt();
        int behind = size + trailing;
        String plus = offset.isZero() ? "" : " + " + run.value(offset, "offset");
        SectionState target = run.state(stencil.planned(there).section());
        if (definitions.containsKey(there)) {
            backward(there, plus, size, behind, section, target);
        } else if (section == target) {
            forward(there, plus, size, behind, section);
        } else if (stencil.reach()
                .isUntouched(run.line() + 1, there, stencil.planned(there).section())) {
            String distance = between(section, target) + " + " + target.lasting(stencil.names(), run.source()) + " - ("
                    + section.here(behind) + ")" + plus;
            section.stores().value(size, "(" + distance + ")");
        } else {
            waitFor(there, plus, size, behind, section);
        }
    }

    /** What is added to a distance within a piece must not carry it beyond 32 bits. */
    private void check(Expression offset) {
        run.check(RangeCheck.within(offset, -MOST, MOST, "label offset"));
        long constant = offset.isConstant() ? offset.constant().getAsLong() : 0;
        if (constant < -MOST || constant > MOST) {
            stencil.report(
                    DiagnosticCode.OUT_OF_RANGE,
                    run.line(),
                    offset + " is too far from the label: -" + MOST + " to " + MOST + " can be encoded",
                    "load the address into a register first, and add to it");
        }
    }

    private void backward(int there, String plus, int size, int behind, SectionState section, SectionState target) {
        String here = section.here(behind);
        String distance = section == target
                ? definitions.get(there) + " - (" + here + ")"
                : between(section, target) + " + " + definitions.get(there) + " - (" + here + ")";
        section.stores().value(size, "(" + distance + plus + ")");
    }

    private void forward(int there, String plus, int size, int behind, SectionState section) {
        OptionalInt fixed = stencil.reach()
                .fixedLength(run.line() + 1, there, stencil.planned(there).section());
        if (fixed.isPresent() && plus.isEmpty()) {
            for (int i = 0; i < size; i++) {
                section.stores().constant(fixed.getAsInt() >> 8 * i);
            }
            return;
        }
        waitFor(there, plus, size, behind, section);
    }

    private void waitFor(int there, String plus, int size, int behind, SectionState section) {
        String field = stencil.names().fresh("jump" + stencil.localNumber(there));
        run.source().line("long " + field + " = " + section.here() + ";");
        for (int i = 0; i < size; i++) {
            section.stores().constant(0);
        }
        patches.computeIfAbsent(there, unused -> new ArrayList<>()).add(new Patch(section, field, size, behind, plus));
    }

    /** The local that holds the distance from one section's base to another's. */
    private String between(SectionState from, SectionState to) {
        return distances.computeIfAbsent(from.section() + ">" + to.section(), unused -> {
            String name = stencil.names().fresh("to" + stencil.sectionTitle(to.section()));
            String opposite = distances.get(to.section() + ">" + from.section());
            String distance =
                    opposite != null ? "-" + opposite : "between(" + from.section() + ", " + to.section() + ")";
            run.source().line("long " + name + " = " + distance + ";");
            return name;
        });
    }
}
