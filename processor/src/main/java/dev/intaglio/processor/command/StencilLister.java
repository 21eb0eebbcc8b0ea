package dev.intaglio.processor.command;

import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.encode.EncodingPlan;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.peephole.Rewrite;
import dev.intaglio.processor.Pipeline.Compiled;
import dev.intaglio.processor.layout.LocalLabels;
import dev.intaglio.processor.layout.Plans;
import dev.intaglio.processor.layout.Plans.Planned;
import dev.intaglio.processor.layout.Reach;
import dev.intaglio.processor.layout.Run;
import dev.intaglio.processor.layout.Strategy;
import dev.intaglio.processor.resolve.StencilParameter;
import dev.intaglio.processor.resolve.StencilUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.annotation.processing.SupportedOptions;
import javax.lang.model.element.TypeElement;

/** A processor that describes stencils instead of writing an emitter. */
@SupportedOptions({"intaglio.define", "intaglio.rules", "intaglio.cpu"})
final class StencilLister extends InterfaceVisitor {
    private static final int BYTES_COLUMN = 44;

    private final List<String> listings = new ArrayList<>();

    /** One text for each stencil. */
    List<String> listings() {
        return listings;
    }

    @Override
    void visit(TypeElement type) {
        compiled(type, Strategy.OPTIMIZED)
                .ifPresent(result -> result.stencils()
                        .forEach(stencil -> listings.add(describe(result.unit().interfaceName(), stencil))));
    }

    private static String describe(String interfaceName, Compiled compiled) {
        StencilUnit stencil = compiled.unit();
        List<Planned> planned = Plans.of(
                stencil.lines(), stencil.contract(), stencil.target().allowed(), stencil.strategy(), new Diagnostics());
        Reach reach = new Reach(planned, new LocalLabels(planned, Run.of(stencil.lines())), unused -> false);
        StringBuilder text = new StringBuilder();
        String parameters =
                stencil.parameters().stream().map(StencilParameter::name).collect(Collectors.joining(", "));
        text.append(interfaceName)
                .append('.')
                .append(stencil.name())
                .append('(')
                .append(parameters)
                .append(")")
                .append(
                        stencil.target().isConditional()
                                ? " for " + stencil.target().condition()
                                : "")
                .append('\n');
        Map<String, int[]> sizes = new LinkedHashMap<>();
        for (int i = 0; i < planned.size(); i++) {
            Planned line = planned.get(i);
            int[] size = sizes.computeIfAbsent(line.section(), unused -> new int[2]);
            size[0] += reach.minLength(i);
            size[1] += reach.maxLength(i);
            String shown = line.line() instanceof Line.Java java ? "  " + java.source() : "| " + line.line();
            String bytes = bytes(line, reach, i);
            text.append("    ").append(shown);
            if (!bytes.isEmpty()) {
                text.append(" ".repeat(Math.max(1, BYTES_COLUMN - shown.length())))
                        .append(bytes);
            }
            text.append('\n');
        }
        boolean repeats = stencil.lines().stream().anyMatch(Line.Java.class::isInstance);
        sizes.forEach((section, size) -> {
            if (size[1] > 0) {
                text.append("    size of .").append(section).append(": ");
                text.append(size[0] == size[1] ? "" : size[0] + " to ")
                        .append(size[1])
                        .append(size[1] == 1 ? " byte" : " bytes");
                text.append(repeats ? ", each line counted once\n" : "\n");
            }
        });
        for (Rewrite rewrite : compiled.rewrites()) {
            text.append("    rule ").append(rewrite).append('\n');
        }
        return text.toString();
    }

    private static String bytes(Planned line, Reach reach, int index) {
        if (line.plan().isEmpty()) {
            return "";
        }
        EncodingPlan plan = line.plan().get();
        if (plan instanceof EncodingPlan.Branch branch) {
            int least = reach.minLength(index);
            int most = reach.maxLength(index);
            return "{" + branch.target() + ": " + (least == most ? least : least + " to " + most) + " bytes}";
        }
        return plan.toString();
    }
}
